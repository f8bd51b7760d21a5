package dev.gyre.loop;

/// Throws checked exceptions where the signature has none: `await` and the blocks of a task let out
/// what the user's code threw, as it was.
final class Rethrow {

    private Rethrow() {}

    /// Throws `failure`, whatever its type. Declared to return, so that callers can write `throw`.
    static RuntimeException unchecked(Throwable failure) {
        throw Rethrow.<RuntimeException>as(failure);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Erased: nothing is cast.
    private static <E extends Throwable> E as(Throwable failure) throws E {
        throw (E) failure;
    }
}
