package dev.gyre.testing;

import dev.gyre.loop.BareCallback;
import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.stream.Transport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Tells a stream what its end of a connection in memory is ready for, as a poller would: once a
/// turn for as long as the end is ready, and in a step of the loop.
final class MemoryReadiness {

    private final IntSupplier ready;

    // The loop, the stream's side, and the callback that tells it; all three are null before
    // [#attach].

    private @Nullable IOLoop loop;
    private Transport.@Nullable Target target;
    private @Nullable Callback telling;

    /// Whether `telling` is queued.
    private boolean tellingQueued;

    /// The events that the stream asks for, as a mask.
    private int wanted;

    /// The events that [#pretend] asked for, until the stream was told of them.
    private int pretended;

    /// @param ready gives what the end is ready for, a mask of [IOLoop#READ] and [IOLoop#WRITE]
    MemoryReadiness(IntSupplier ready) {
        this.ready = ready;
    }

    void attach(IOLoop newLoop, Transport.Target newTarget) {
        loop = newLoop;
        target = newTarget;
        telling = newTarget.isBare() ? (BareCallback) () -> tell(newTarget) : () -> tell(newTarget);
        tellingQueued = false;
        wanted = IOLoop.NONE;
    }

    void watch(int events) {
        wanted = events;
        look();
    }

    /// Tells the stream once that the end is ready, though it may not be.
    void pretend(int events) {
        pretended |= events;
        look();
    }

    /// Queues a look at what the end is ready for, unless nobody would hear of it.
    void look() {
        IOLoop present = loop;
        Callback queued = telling;
        if (present != null && queued != null && !tellingQueued && (wanted & now()) != 0) {
            tellingQueued = true;
            present.addCallback(queued);
        }
    }

    private void tell(Transport.Target told) {
        if (told != target) {
            // The target was replaced, by another [#attach], after this callback was queued.
            return;
        }
        tellingQueued = false;
        int events = wanted & now();
        pretended = IOLoop.NONE;
        if (events != 0) {
            told.ready(events);
            look();
        }
    }

    private int now() {
        return ready.getAsInt() | pretended;
    }

    /// Tells the stream nothing any more.
    void end() {
        wanted = IOLoop.NONE;
    }
}
