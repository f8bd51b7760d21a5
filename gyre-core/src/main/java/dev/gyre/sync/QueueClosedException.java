package dev.gyre.sync;

import java.io.Serial;

/// Says that a [LoopQueue] was closed: nothing can be put into it any more, or nothing is left to
/// take.
///
/// Where the end of the items is the normal end of the work, a worker catches this around its loop.
public final class QueueClosedException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    QueueClosedException(String message) {
        super(message);
    }
}
