package dev.gyre.net;

import dev.gyre.loop.Body;
import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.Logs;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.TlsOptions;
import dev.gyre.stream.UnsatisfiableReadException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection that a server serves: its stream, and the task of its handler. It has ended when
/// both have; a handler's task closes the stream before it ends.
///
/// It is itself the listener of that task: an object less for each connection (`idle-memory`).
final class Connection implements Consumer<@Nullable Object> {

    private final IOStream stream;
    private final ServerPart part;
    private final ServerPart acceptedBy;

    /// The task that serves the connection; null in the callback form.
    private @Nullable Task<?> task;

    /// How many of these have not ended: the task, and in the callback form the stream.
    private int running;

    /// The neighbours among the connections of the part, for [ConnectionList], which links them.
    @Nullable Connection before;

    @Nullable Connection after;

    Connection(IOStream stream, ServerPart part, ServerPart acceptedBy) {
        this.stream = stream;
        this.part = part;
        this.acceptedBy = acceptedBy;
    }

    IOStream stream() {
        return stream;
    }

    ServerPart acceptedBy() {
        return acceptedBy;
    }

    void serve() {
        try {
            part.settings().beginning.accept(this);
        } catch (Throwable e) {
            stream.close();
            failed(e);
            if (running == 0) {
                part.ended(this);
            }
        }
    }

    void spawn(ConnectionHandler handler) {
        spawn(new Handling(handler));
    }

    private void spawn(Body body) {
        Task<@Nullable Void> begun = part.loop().spawn(stream.toString(), body);
        task = begun;
        running++;
        begun.onDone(this, this);
    }

    /// Called when the task has ended, also if it was cancelled before it began.
    ///
    /// @param outcome what the task let out: a cancellation, of this task or of something that it
    ///   awaited, or what ends the loop too. Else null, since a handler returns nothing; so an
    ///   outcome that is a failure was thrown.
    @Override
    public void accept(@Nullable Object outcome) {
        if (outcome instanceof Throwable failure) {
            stream.close();
            if (task != null && task.state() == Future.State.FAILED) {
                failed(failure);
            }
        }
        ended();
    }

    void call(Consumer<? super IOStream> callback) {
        running++;
        stream.onClose(end -> ended());
        if (part.settings().tls == null) {
            // Not here, in the listener's own handler: a callback that blocks in a call of the JDK
            // would keep it from accepting others.
            part.loop().addCallback(() -> callNow(callback));
        } else {
            spawn(() -> callAfterHandshake(callback));
        }
    }

    private void callAfterHandshake(Consumer<? super IOStream> callback) {
        if (isReady()) {
            callNow(callback);
        }
    }

    private void callNow(Consumer<? super IOStream> callback) {
        if (!stream.isOpen()) {
            // The server was closed meanwhile.
            return;
        }
        try {
            callback.accept(stream);
        } catch (Throwable e) {
            stream.close();
            failed(e);
        }
    }

    /// Has what is queued sent if a handler has returned, closes the stream, and tells of failures.
    ///
    /// @param thrown what the handler has thrown; null if it has returned
    private void handlerEnded(@Nullable Throwable thrown) {
        Throwable failure = thrown == null ? linger() : thrown;
        stream.close();
        switch (failure) {
            case null -> {}
            case StreamClosedException e when e.stream() == stream ->
                    Logs.APPLICATION.log(Level.DEBUG, "connection ended early", e);
            case UnsatisfiableReadException _, DeadlineExceededException _ ->
                    // This is mostly a peer's doing, with which anybody could fill the log.
                    Logs.APPLICATION.log(
                            Level.INFO, stream + " was closed: " + failure.getMessage());
            case CancellationException e ->
                    // The task knows what was cancelled: the task itself, or something that it
                    // awaited.
                    throw e;
            default -> failed(failure);
        }
    }

    /// Goes over to TLS if that is wanted; returns whether the connection can be served.
    private boolean isReady() {
        TlsOptions tls = part.settings().tls;
        if (tls == null) {
            return true;
        }
        try {
            stream.startTls(tls).await(TcpServer.HANDSHAKE);
            return true;
        } catch (StreamClosedException | DeadlineExceededException e) {
            stream.close();
            part.handshakeFailed();
            Logs.APPLICATION.log(Level.DEBUG, "a TLS handshake failed", e);
            return false;
        }
    }

    /// Waits until all is sent and the peer has ended too, and returns what that has thrown; null
    /// if nothing, or the time was up.
    private @Nullable Throwable linger() {
        try {
            stream.closeAfterFlush().await(part.settings().linger);
        } catch (DeadlineExceededException e) {
            Logs.APPLICATION.log(Level.DEBUG, stream + " did not end in time, and was closed");
        } catch (Throwable e) {
            return e;
        }
        return null;
    }

    private void failed(Throwable failure) {
        Logs.APPLICATION.log(Level.ERROR, stream + ": its handler failed", failure);
    }

    void idle() {
        Logs.APPLICATION.log(Level.DEBUG, stream + " was idle for " + part.settings().idleTimeout);
        abort();
    }

    /// Closes the stream at once, and cancels the task that serves it.
    void abort() {
        if (task != null) {
            task.cancel();
        }
        stream.close();
    }

    private void ended() {
        running--;
        if (running == 0) {
            part.ended(this);
        }
    }

    /// Serves the connection by a handler: when that returns, what is queued is sent; when it
    /// throws, the stream is closed at once.
    private final class Handling implements Body {

        private final ConnectionHandler handler;

        Handling(ConnectionHandler handler) {
            this.handler = handler;
        }

        /// The frame is kept while the handler waits, and so is any between this one and the
        /// handler's. What is done afterwards is elsewhere, since a compiler makes room for that
        /// too (`idle-memory-mild`).
        @Override
        public void run() {
            @Nullable Throwable thrown = null;
            try {
                if (!isReady()) {
                    return;
                }
                handler.handle(stream);
            } catch (Throwable e) {
                thrown = e;
            }
            handlerEnded(thrown);
        }
    }
}
