package dev.gyre.loop;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Throws what the user's code threw out of methods that declare no exception, as `await` and the
/// blocks of a task are: an [IOException] within its unchecked twin, anything else as it is.
final class Rethrow {

    private Rethrow() {}

    /// Throws `failure`, whatever its type. Declared to return, so that callers can write `throw`.
    static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof IOException checked) {
            throw new UncheckedIOException(checked);
        }
        throw Rethrow.<RuntimeException>as(failure);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Erased: nothing is cast.
    private static <E extends Throwable> E as(Throwable failure) throws E {
        throw (E) failure;
    }
}
