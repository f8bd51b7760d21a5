package dev.gyre.testing;

import dev.gyre.loop.BareCallback;
import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.stream.Transport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Tells a stream what its end of a connection in memory is ready for, as a poller would: as long
/// as it holds, once a turn, and in a step of the loop.
final class MemoryReadiness {

    private final IntSupplier ready;

    // Null before [#attach], all three.

    private @Nullable IOLoop loop;
    private Transport.@Nullable Target target;
    private @Nullable Callback telling;

    /// Whether `telling` is queued.
    private boolean tellingQueued;

    /// What the stream asks for.
    private int wanted;

    /// What [#pretend] asked for, until it was told.
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

    /// Tells once that the end is ready, though it may not be.
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
            // It was replaced after this was queued.
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

    /// Tells nothing any more.
    void end() {
        wanted = IOLoop.NONE;
    }
}
