package dev.gyre.stream;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopPromise;
import dev.gyre.loop.Task;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Copies all that comes from one stream to another, in a task.
final class Pipe {

    private final IOStream source;
    private final IOStream sink;
    private final PipeIndex pipes;

    /// The read that is awaited from the source; null before the first read.
    private @Nullable LoopFuture<byte[]> reading;

    /// Completed when this pipe reads nothing any more; null until somebody waits for that.
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
    /// were copied.
    long run() {
        pipes.begin(this);
        try {
            return copy();
        } catch (StreamClosedException e) {
            // The stream itself tells of its end, by the failure of every operation that the end
            // has met, so this failure counts as seen.
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
    /// The wait has a limit, since the reader of the other may be slow; and however the wait ends,
    /// the failure of this pipe is what is thrown.
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

    /// Fails if nothing can be sent to the sink any more, for the reason that ended its output.
    private void failIfSinkHas() {
        if (!sink.isWritable()) {
            sink.drain().await();
        }
    }

    /// Called when nothing can be sent to the sink any more. Ends the read that is awaited.
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
