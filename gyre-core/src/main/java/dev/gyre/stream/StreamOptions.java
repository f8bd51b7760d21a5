package dev.gyre.stream;

/// The limits of a stream. Immutable; each `with` method returns a changed copy.
public final class StreamOptions {

    /// How much a stream may have received and not handed out, in bytes, and so the longest single
    /// read: 1 MiB. A limit of megabytes for each connection would be no guard.
    public static final int READ_BUFFER_BYTES_MAX = 1024 * 1024;

    /// The longest line or other delimited read, in bytes, if the call names no limit: 64 KiB,
    /// which is long for a line and short for an attack.
    public static final int LINE_BYTES_MAX = 64 * 1024;

    /// Once less than this is queued for sending, in bytes, [IOStream#drain] lets the writer go on:
    /// 64 KiB.
    public static final int WRITE_LOW_WATER_BYTES = 64 * 1024;

    /// Once more than this is queued for sending, in bytes, [IOStream#drain] holds the writer up:
    /// 256 KiB, a few times what the low-water mark leaves to send meanwhile.
    public static final int WRITE_HIGH_WATER_BYTES = 256 * 1024;

    /// Once this much is queued for sending, in bytes, a further write is refused: 16 MiB. Who
    /// awaits [IOStream#drain] never comes near it. What [IOStream#sendFile] has still to read from
    /// the disk is not counted.
    ///
    /// Small writes take more memory than their bytes. So a write is also refused once as many are
    /// queued as the limit has times 64 bytes, or 1024 if that is more.
    public static final int WRITE_QUEUE_BYTES_MAX = 16 * 1024 * 1024;

    private static final StreamOptions DEFAULTS = new StreamOptions();

    // Each field changes in a fresh copy only, before a `with` method hands the copy out.

    private ReadLimits readLimits = new ReadLimits(READ_BUFFER_BYTES_MAX);
    private int writeQueueBytesMax = WRITE_QUEUE_BYTES_MAX;

    /// Whether the end of input leaves the output open.
    private boolean halfOpen;

    private StreamOptions() {}

    private StreamOptions(StreamOptions original) {
        readLimits = original.readLimits;
        writeQueueBytesMax = original.writeQueueBytesMax;
        halfOpen = original.halfOpen;
    }

    /// Returns the options with the limits named above, for a stream that ends as a whole when its
    /// input ends.
    public static StreamOptions defaults() {
        return DEFAULTS;
    }

    /// Replaces [#READ_BUFFER_BYTES_MAX].
    ///
    /// @throws IllegalArgumentException if it is not positive
    public StreamOptions withReadBufferBytesMax(int bytes) {
        StreamOptions changed = new StreamOptions(this);
        changed.readLimits = new ReadLimits(positive(bytes, "the limit of the read buffer"));
        return changed;
    }

    /// Replaces [#WRITE_QUEUE_BYTES_MAX].
    ///
    /// @throws IllegalArgumentException if it is not positive
    public StreamOptions withWriteQueueBytesMax(int bytes) {
        StreamOptions changed = new StreamOptions(this);
        changed.writeQueueBytesMax = positive(bytes, "the limit of the write queue");
        return changed;
    }

    /// Lets the stream go on sending after the peer has ended its output: the connection is then
    /// half open, until this side ends its own with [IOStream#shutdownOutput] or closes. Without
    /// this, the end of input closes the stream.
    public StreamOptions withHalfOpen() {
        StreamOptions changed = new StreamOptions(this);
        changed.halfOpen = true;
        return changed;
    }

    private static int positive(int bytes, String what) {
        if (bytes <= 0) {
            throw new IllegalArgumentException(what + " must be positive, not " + bytes);
        }
        return bytes;
    }

    ReadLimits readLimits() {
        return readLimits;
    }

    int writeQueueBytesMax() {
        return writeQueueBytesMax;
    }

    boolean isHalfOpen() {
        return halfOpen;
    }
}
