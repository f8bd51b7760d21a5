package dev.gyre.loop;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The parts of an end, each of which is done whatever becomes of the others.
///
/// Want of memory is mostly over soon. So what lacks some is tried again, and again, for a while:
/// hence a part must be such that it may be done twice. To try takes no memory.
final class Attempts {

    /// How often something is tried again in all: for half a second.
    private static final int RETRIES_MAX = 50;

    /// Long enough for a collection, or for whoever took the memory to fail too, and to let go.
    private static final long PAUSE_NANOS = 10_000_000;

    private int retriesLeft = RETRIES_MAX;

    /// The first that remained; null if there is none.
    private @Nullable Throwable failure;

    /// Does all parts, in their order.
    void doAll(List<Runnable> parts) {
        // By no iterator, which takes memory.
        for (int i = 0; i < parts.size(); i++) {
            succeeds(parts.get(i));
        }
    }

    /// Does a part, and returns whether that succeeded.
    boolean succeeds(Runnable part) {
        while (true) {
            try {
                part.run();
                return true;
            } catch (OutOfMemoryError e) {
                if (retriesLeft == 0) {
                    keep(e);
                    return false;
                }
                retriesLeft--;
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (Throwable e) {
                keep(e);
                return false;
            }
        }
    }

    private void keep(Throwable met) {
        if (failure == null) {
            failure = met;
        }
    }

    /// Throws the first failure, if there was one that no further try has mended.
    void throwFailure() {
        if (failure != null) {
            throw Rethrow.unchecked(failure);
        }
    }
}
