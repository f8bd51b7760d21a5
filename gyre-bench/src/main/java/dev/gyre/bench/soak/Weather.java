package dev.gyre.bench.soak;

import java.time.Duration;
import java.util.SplittableRandom;

/// What the proxy does to one connection.
///
/// @param random what is drawn on the way
/// @param latencyMicrosMax how long a chunk is held up at most
/// @param stallChance with which chance a chunk is held up for long
/// @param trickleBytes how many bytes at its beginning go in small pieces
/// @param isNarrow whether little fits into the buffers between
/// @param end how the connection is broken
/// @param bytesToEnd after how many bytes that is
record Weather(
        SplittableRandom random,
        int latencyMicrosMax,
        double stallChance,
        int trickleBytes,
        boolean isNarrow,
        End end,
        int bytesToEnd) {

    private static final int LATENCY_MICROS_MAX = 20_000;
    private static final double STALL_CHANCE = 0.01;
    private static final int STALL_MILLIS_MIN = 200;
    private static final int STALL_MILLIS_MAX = 3000;
    private static final int TRICKLE_BYTES_MAX = 4000;
    private static final int TRICKLE_PIECE_BYTES_MAX = 16;

    /// Most visits pass more than that.
    private static final int BYTES_TO_END_MAX = 40_000;

    /// How a connection is broken.
    enum End {
        /// The connection is not broken.
        NONE,

        /// Both sides get a reset, and what is under way is lost.
        RESET,

        /// The server is told that the client sends no more, though it does.
        HALF_CLOSE
    }

    /// Draws the weather of a connection. Of four, one has no latency, three do not stall, three do
    /// not trickle, and three are not broken. One of two is narrow.
    static Weather draw(SplittableRandom random) {
        int latency = random.nextInt(4) == 0 ? 0 : random.nextInt(1, LATENCY_MICROS_MAX);
        double stallChance = random.nextInt(4) == 0 ? STALL_CHANCE : 0;
        int trickle = random.nextInt(4) == 0 ? random.nextInt(1, TRICKLE_BYTES_MAX) : 0;
        End end = End.NONE;
        if (random.nextInt(4) == 0) {
            end = random.nextInt(3) == 0 ? End.HALF_CLOSE : End.RESET;
        }
        return new Weather(
                random,
                latency,
                stallChance,
                trickle,
                random.nextBoolean(),
                end,
                random.nextInt(BYTES_TO_END_MAX));
    }

    /// Returns how long the next chunk is held up.
    Duration delay() {
        if (random.nextDouble() < stallChance) {
            return Duration.ofMillis(random.nextInt(STALL_MILLIS_MIN, STALL_MILLIS_MAX));
        }
        return latencyMicrosMax == 0
                ? Duration.ZERO
                : Duration.ofNanos(1000L * random.nextInt(latencyMicrosMax));
    }

    /// Returns how many bytes the next read may take.
    int chunkBytesMax(int limit) {
        return random.nextInt(1, limit + 1);
    }

    /// Returns how many of `available` bytes go together, after `passed` bytes.
    int pieceBytes(long passed, int available) {
        return passed >= trickleBytes
                ? available
                : Math.min(available, random.nextInt(1, TRICKLE_PIECE_BYTES_MAX + 1));
    }
}
