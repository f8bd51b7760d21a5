package dev.gyre.stream;

import dev.gyre.loop.Callback;
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

    private static final String WRITE_ADVICE =
            "; nobody awaits that write: await it, or drain(), to hear of the end";

    private static final String READ_ADVICE =
            "; nobody awaits that read: await it, for a connection's handler that returns ends its"
                    + " stream";

    private final IOStream stream;

    /// What is done at the end; null until somebody asks for it.
    private @Nullable LoopPromise<StreamClosedException> closed;

    /// Why the stream is closed, or nothing can be sent any more; null while there is no such
    /// reason.
    private @Nullable IOException cause;

    /// What nobody may have heard of since the stream has ended; null until something of the kind
    /// has happened.
    private @Nullable Unheard unheard;

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
        future.failWith(() -> {
            if (unheard != null) {
                unheard.isHeard = true;
            }
            return exception(why, progress);
        });
    }

    /// Fails a write that came after the end.
    void refuse(Piece piece) {
        IOException why = known();
        String progress = "a write came after that";
        fail(piece.sent, why, progress);
        if (!(piece instanceof Piece.End)) {
            noteUnheard(new Unheard(this, why, progress, why, WRITE_ADVICE));
        }
    }

    /// Fails a write that came after the end of the output.
    void refuseAfterShutdown(Piece piece) {
        IOException why = new ClosedChannelException();
        String progress = "its output had been shut down before a write";
        fail(piece.sent, why, "its output has been shut down");
        noteUnheard(new Unheard(this, why, progress, null, WRITE_ADVICE));
    }

    /// Fails a read that was outstanding when the stream ended.
    void failRead(LoopFuture<?> read, IOException why, String progress) {
        fail(read, why, progress);
        if (why instanceof ClosedChannelException) {
            noteUnheard(new Unheard(this, why, progress, why, READ_ADVICE));
        }
    }

    /// Has the log told, unless somebody hears of this end in the next two turns, of the first
    /// operation of which nobody awaits the failure: mostly an `await` or a reader is missing.
    private void noteUnheard(Unheard noted) {
        if (unheard != null || !Logs.GENERAL.wantsHints()) {
            return;
        }
        try {
            unheard = noted;
            stream.loop().addCallback(noted);
        } catch (OutOfMemoryError | StackOverflowError e) {
            // The stream has to end all the same, and this is but a hint.
            unheard = null;
        }
    }

    /// Returns where the stream was closed, if it was on this side: the innermost frame that is not
    /// the stream's own.
    private static String closer(@Nullable IOException why) {
        if (!(why instanceof ClosedChannelException)) {
            return "";
        }
        String ours = StreamEnd.class.getPackageName() + ".";
        for (StackTraceElement frame : why.getStackTrace()) {
            String caller = frame.getClassName();
            if (!caller.startsWith(ours) && !caller.startsWith("java.")) {
                return "; it was closed at " + frame;
            }
        }
        return "";
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

    /// The failure of an operation of which nobody may have heard. Its text is made only if it is
    /// told.
    private static final class Unheard implements Callback {

        private final StreamEnd end;
        private final IOException why;
        private final String progress;

        /// Whose trace shows who has closed the stream; null if that is not known.
        private final @Nullable IOException closing;

        private final String advice;

        private boolean isDue;

        /// Whether somebody has looked at a failure of the stream since. Never cleared.
        private boolean isHeard;

        Unheard(
                StreamEnd end,
                IOException why,
                String progress,
                @Nullable IOException closing,
                String advice) {
            this.end = end;
            this.why = why;
            this.progress = progress;
            this.closing = closing;
            this.advice = advice;
        }

        /// Waits a turn more, since a listener that was added just after the operation is told
        /// after the first.
        @Override
        public void run() {
            if (!isDue) {
                isDue = true;
                end.stream.loop().addCallback(this);
            } else if (!isHeard) {
                StreamClosedException failure = end.exception(why, progress);
                Logs.GENERAL.hint(failure.getMessage() + closer(closing) + advice, failure);
            }
        }

        @Override
        public String toString() {
            return "the hint at what nobody awaits of " + end.stream;
        }
    }
}
