package dev.gyre.stream;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopPromise;
import dev.gyre.loop.Task;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Copies from stream to stream. In a task.
final class Pipe {

    private final IOStream source;
    private final IOStream sink;
    private final PipeIndex pipes;

    /// The read that is awaited from the source; null before the first read.
    private @Nullable LoopFuture<byte[]> reading;

    /// Done when nothing is read any more; null until somebody waits for that.
    private @Nullable LoopPromise<@Nullable Void> ended;

    Pipe(IOStream source, IOStream sink, PipeIndex pipes) {
        this.source = source;
        this.sink = sink;
        this.pipes = pipes;
    }

    IOStream source() {
        return source;
    }

    IOStream sink() {
        return sink;
    }

    /// Copies until the source ends, then ends the output of the sink, and returns how many bytes
    /// that was.
    long run() {
        pipes.begin(this);
        try {
            return copy();
        } catch (StreamClosedException e) {
            // Told by the stream itself, as the failure of every operation that its end has met.
            Task.current().observe();
            end();
            if (e.stream() == sink) {
                awaitLastWords(e);
            }
            throw e;
        } finally {
            end();
        }
    }

    /// Lets the pipe that reads from the sink carry away what the peer there has said before it
    /// left. The two are mostly children of one scope, and the failure of this one ends the other.
    /// This does not wait for long, since the reader of the other may be slow; and however the wait
    /// ends, the failure of this pipe is what is thrown.
    private void awaitLastWords(StreamClosedException failure) {
        LoopFuture<@Nullable Void> other = pipes.ended(sink);
        if (other != null) {
            try {
                other.await(LastWords.LIMIT);
            } catch (Throwable e) {
                failure.addSuppressed(e);
            }
        }
    }

    private void end() {
        pipes.end(this);
        if (ended != null) {
            ended.complete(null);
        }
    }

    LoopFuture<@Nullable Void> ended() {
        LoopPromise<@Nullable Void> present = ended;
        if (present == null) {
            present = new LoopPromise<>(source.loop(), this);
            ended = present;
        }
        return present.future();
    }

    private long copy() {
        long copied = 0;
        byte[] bytes = read();
        while (bytes.length > 0) {
            LoopFuture<@Nullable Void> sent = sink.write(bytes);
            if (sent.state() == Future.State.FAILED) {
                sent.await();
            }
            copied += bytes.length;
            sink.drain().await();
            bytes = read();
        }
        sink.shutdownOutput();
        return copied;
    }

    private byte[] read() {
        failIfSinkHas();
        LoopFuture<byte[]> next = source.readSome(Staging.SIZE);
        reading = next;
        try {
            return next.await();
        } catch (CancellationException e) {
            failIfSinkHas();
            throw e;
        }
    }

    /// Fails if nothing can be sent any more, and says why.
    private void failIfSinkHas() {
        if (!sink.isWritable()) {
            sink.drain().await();
        }
    }

    /// Hears that nothing can be sent any more.
    void stopReading() {
        if (reading != null) {
            reading.cancel();
        }
    }

    @Override
    public String toString() {
        return "the end of a pipe from %s to %s".formatted(source, sink);
    }
}
