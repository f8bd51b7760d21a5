package dev.gyre.stream;

import dev.gyre.loop.LoopTimer;
import java.io.EOFException;
import java.time.Duration;

/// How long a stream whose writes have failed stays open for what its peer had said before: as long
/// as somebody reads some of that now and then. What nobody reads must not keep a descriptor for
/// ever.
final class LastWords {

    /// How long a stream stays open while nobody reads: as long as a server waits for a peer to
    /// leave.
    static final Duration LIMIT = Duration.ofSeconds(10);

    private final IOStream stream;

    /// The time by which more must have been read. Then the timer is replaced by the next, or the
    /// stream closes.
    private LoopTimer timer;

    LastWords(IOStream stream) {
        this.stream = stream;
        this.timer = next(stream);
    }

    private LoopTimer next(IOStream ofStream) {
        long before = ofStream.bytesIn();
        return ofStream.loop().callLater(LIMIT, () -> look(before));
    }

    private void look(long before) {
        if (stream.bytesIn() == before) {
            stream.close(new EOFException("nobody has read what had come"));
        } else {
            timer = next(stream);
        }
    }

    /// Called when the stream is closed, by whomever.
    void over() {
        timer.cancel();
    }
}
