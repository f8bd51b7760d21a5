package dev.gyre.stream;

import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopPromise;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The end of a stream: why it came, and who wants to hear of it. It is also the operation behind
/// the future of an end that was asked for.
final class StreamEnd implements Runnable {

    private final IOStream stream;

    /// What is done at the end; null until somebody asks for it.
    private @Nullable LoopPromise<StreamClosedException> closed;

    /// Why the stream is closed, or nothing can be sent any more; null while there is no such
    /// reason.
    private @Nullable IOException cause;

    StreamEnd(IOStream stream) {
        this.stream = stream;
    }

    /// Closes the stream at once: who waited for its end does so no longer.
    @Override
    public void run() {
        stream.close();
    }

    /// Notes why the stream ends, unless that is known.
    ///
    /// @return the first reason, which counts
    IOException because(IOException reason) {
        IOException first = cause == null ? reason : cause;
        if (first != reason
                && !(reason instanceof EOFException || reason instanceof ClosedChannelException)) {
            first.addSuppressed(reason);
        }
        cause = first;
        return first;
    }

    /// Tells those who wait, once everybody else was told.
    void tell() {
        if (closed != null) {
            closed.complete(exception(known(), ""));
        }
    }

    /// Returns the future of the end, the same for all who ask: somebody may ask at every message,
    /// for as long as the connection lives.
    LoopFuture<StreamClosedException> closed() {
        LoopPromise<StreamClosedException> present = closed;
        if (present == null) {
            present = new LoopPromise<>(stream.loop(), this);
            closed = present;
            if (!stream.isOpen()) {
                tell();
            }
        }
        return present.future();
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

    /// Returns the failure of an operation.
    ///
    /// @param progress how far the operation came; empty if there was none
    StreamClosedException exception(IOException why, String progress) {
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

    @Override
    public String toString() {
        return "the end of " + stream;
    }
}
