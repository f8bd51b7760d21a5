package dev.gyre.net;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopTimer;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.TlsOptions;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection that a server serves, from its accept to its close.
final class Connection {

    /// How often within the idle time-out a connection is looked at.
    private static final int LOOKS_PER_TIMEOUT = 4;

    private static final System.Logger LOG = System.getLogger("dev.gyre.application");

    private final IOStream stream;
    private final ServerPart part;
    private final Service service;
    private final IOLoop loop;

    /// The task that serves it; null in the callback form.
    private @Nullable Task<?> task;

    /// The next look at whether it is idle; null if idle connections may stay.
    private @Nullable LoopTimer look;

    /// How many bytes had come and gone at the last look that saw some move.
    private long bytesSeen;

    /// How many looks have seen none move since.
    private int looksInVain;

    Connection(IOStream stream, ServerPart part) {
        this.stream = stream;
        this.part = part;
        this.service = part.service();
        this.loop = part.loop();
    }

    IOStream stream() {
        return stream;
    }

    void serve() {
        stream.onClose(end -> ended());
        Duration timeout = service.idleTimeout;
        if (timeout != null) {
            lookAfter(timeout.dividedBy(LOOKS_PER_TIMEOUT));
        }
        service.beginning.accept(this);
    }

    void spawn(ConnectionHandler handler) {
        task = loop.spawn(stream.toString(), () -> serve(handler));
    }

    void call(Consumer<? super IOStream> callback) {
        if (service.tls == null) {
            callNow(callback);
        } else {
            task = loop.spawn(stream.toString(), () -> callAfterHandshake(callback));
        }
    }

    private @Nullable Void callAfterHandshake(Consumer<? super IOStream> callback) {
        if (isReady()) {
            callNow(callback);
        }
        return null;
    }

    private void callNow(Consumer<? super IOStream> callback) {
        try {
            callback.accept(stream);
        } catch (RuntimeException e) {
            stream.close();
            failed(e);
        }
    }

    /// Serves the connection; returning sends what is queued, failing closes at once.
    private @Nullable Void serve(ConnectionHandler handler) {
        try (stream) {
            if (isReady()) {
                handler.handle(stream);
                linger();
            }
        } catch (StreamClosedException e) {
            if (e.stream() == stream) {
                LOG.log(Level.DEBUG, "connection ended early", e);
            } else {
                failed(e);
            }
        } catch (CancellationException e) {
            LOG.log(Level.DEBUG, "connection handler was cancelled", e);
        } catch (Exception | AssertionError | LinkageError e) {
            failed(e);
        }
        return null;
    }

    /// Goes over to TLS if that is wanted; returns whether the connection can be served.
    private boolean isReady() {
        TlsOptions tls = service.tls;
        if (tls == null) {
            return true;
        }
        try {
            stream.startTls(tls).await(TcpServer.HANDSHAKE);
            return true;
        } catch (StreamClosedException | DeadlineExceededException e) {
            part.handshakeFailed();
            LOG.log(Level.DEBUG, "a TLS handshake failed", e);
            return false;
        }
    }

    private void linger() {
        try {
            stream.closeAfterFlush().await(service.linger);
        } catch (DeadlineExceededException e) {
            LOG.log(Level.DEBUG, "{0} did not end in time, and was closed", stream);
        }
    }

    private void failed(Throwable failure) {
        LOG.log(Level.ERROR, "%s: its handler failed".formatted(stream), failure);
    }

    private void lookAfter(Duration interval) {
        look = loop.callLater(interval, () -> look(interval));
    }

    private void look(Duration interval) {
        long bytes = stream.bytesIn() + stream.bytesOut();
        if (bytes != bytesSeen) {
            bytesSeen = bytes;
            looksInVain = 0;
        } else {
            looksInVain++;
        }
        if (looksInVain == LOOKS_PER_TIMEOUT) {
            LOG.log(Level.DEBUG, "{0} was idle for {1}", stream, service.idleTimeout);
            abort();
        } else {
            lookAfter(interval);
        }
    }

    /// Closes at once, and cancels whoever serves it.
    void abort() {
        if (task != null) {
            task.cancel();
        }
        stream.close();
    }

    private void ended() {
        if (look != null) {
            look.cancel();
        }
        part.ended(this);
    }
}
