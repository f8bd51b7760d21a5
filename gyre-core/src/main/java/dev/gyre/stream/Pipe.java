package dev.gyre.stream;

import dev.gyre.loop.LoopFuture;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Copies from stream to stream.
final class Pipe {

    private final IOStream source;
    private final IOStream sink;

    /// What is awaited from the source; null before the first read.
    private @Nullable LoopFuture<byte[]> reading;

    private Pipe(IOStream source, IOStream sink) {
        this.source = source;
        this.sink = sink;
    }

    /// Copies until the source ends, then ends the output of the sink, and returns how many bytes
    /// that was. In a task.
    static long copy(IOStream source, IOStream sink) {
        Pipe pipe = new Pipe(source, sink);
        // A source at rest must not hide that the sink is gone.
        LoopFuture<StreamClosedException> sinkClosed = sink.closed();
        sinkClosed.onDone(end -> pipe.stopReading(), cancelled -> {});
        try {
            return pipe.copy();
        } finally {
            sinkClosed.cancel();
        }
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
        LoopFuture<byte[]> next = source.readSome(Staging.SIZE);
        reading = next;
        try {
            return next.await();
        } catch (CancellationException e) {
            if (!sink.isOpen()) {
                // Fails, and says why.
                sink.drain().await();
            }
            throw e;
        }
    }

    private void stopReading() {
        if (reading != null) {
            reading.cancel();
        }
    }
}
