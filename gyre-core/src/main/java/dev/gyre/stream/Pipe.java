package dev.gyre.stream;

/// Copies from stream to stream.
final class Pipe {

    private Pipe() {}

    /// Copies until the source ends, then ends the output of the sink, and returns how many bytes
    /// that was. In a task.
    static long copy(IOStream source, IOStream sink) {
        long copied = 0;
        byte[] bytes = source.readSome(Staging.SIZE).await();
        while (bytes.length > 0) {
            sink.write(bytes);
            copied += bytes.length;
            sink.drain().await();
            bytes = source.readSome(Staging.SIZE).await();
        }
        sink.shutdownOutput();
        return copied;
    }
}
