package dev.gyre.stream;

import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The end of a stream: why it came, and who wants to hear of it.
final class StreamEnd {

    private final IOStream stream;

    /// Those who wait for the end, in order. A list of its own only if there are.
    private List<LoopFuture<StreamClosedException>> waiting = List.of();

    /// Why the stream is closed; null while it is open.
    private @Nullable IOException cause;

    StreamEnd(IOStream stream) {
        this.stream = stream;
    }

    boolean isReached() {
        return cause != null;
    }

    /// Notes why the stream is closed.
    ///
    /// @return false if it was closed before; the first reason counts
    boolean reached(IOException newCause) {
        if (cause != null) {
            return false;
        }
        cause = newCause;
        return true;
    }

    /// Tells those who wait, once everybody else was told.
    void tell() {
        for (LoopFuture<StreamClosedException> closed : waiting) {
            closed.complete(exception(known(), ""));
        }
        waiting = List.of();
    }

    LoopFuture<StreamClosedException> closed() {
        if (cause != null) {
            return LoopFuture.completed(stream.loop(), exception(cause, ""));
        }
        Wait wait = new Wait(this);
        if (waiting.isEmpty()) {
            waiting = new ArrayList<>(1);
        }
        waiting.add(wait.closed);
        return wait.closed;
    }

    /// Returns a future that failed because of this end.
    <T extends @Nullable Object> LoopFuture<T> failed(String progress) {
        LoopFuture<T> future = new LoopFuture<>(stream.loop());
        fail(future, progress);
        return future;
    }

    /// Fails a future because of this end.
    void fail(LoopFuture<?> future, String progress) {
        fail(future, known(), progress);
    }

    /// Fails the future of an operation.
    ///
    /// @param progress how far the operation came
    void fail(LoopFuture<?> future, IOException why, String progress) {
        future.failWith(() -> exception(why, progress));
    }

    private StreamClosedException exception(IOException why, String progress) {
        String how =
                switch (why) {
                    case EOFException e -> stream + " was ended by its peer";
                    case ClosedChannelException e -> stream + " was closed on this side";
                    default -> "%s failed: %s".formatted(stream, Logs.message(why));
                };
        return new StreamClosedException(
                stream, progress.isEmpty() ? how : how + "; " + progress, why);
    }

    private IOException known() {
        return Objects.requireNonNull(cause, "the stream is open");
    }

    /// One who waits for the end, and may stop waiting.
    private static final class Wait implements Runnable {

        private final StreamEnd end;
        private final LoopFuture<StreamClosedException> closed;

        Wait(StreamEnd end) {
            this.end = end;
            this.closed = new LoopFuture<>(end.stream.loop(), this);
        }

        @Override
        public void run() {
            end.waiting.remove(closed);
        }

        @Override
        public String toString() {
            return "the end of " + end.stream;
        }
    }
}
