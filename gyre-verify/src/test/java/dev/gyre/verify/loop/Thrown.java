package dev.gyre.verify.loop;

import java.io.IOException;
import java.util.function.Supplier;

/// What code can throw: one of each kind, whatever its signature says.
public enum Thrown {
    RUNTIME_EXCEPTION(() -> new IllegalStateException("deliberate")),
    CHECKED_EXCEPTION(() -> new InterruptedException("deliberate")),
    IO_EXCEPTION(() -> new IOException("deliberate")),
    ASSERTION_ERROR(() -> new AssertionError("deliberate")),
    LINKAGE_ERROR(() -> new NoClassDefFoundError("deliberate")),
    STACK_OVERFLOW(() -> new StackOverflowError("deliberate")),
    OUT_OF_MEMORY(() -> new OutOfMemoryError("deliberate")),
    THROWABLE(() -> new Throwable("deliberate")),
    UNTELLABLE(Untellable::new);

    @SuppressWarnings("ImmutableEnumChecker") // They are lambdas without a state.
    private final Supplier<Throwable> made;

    Thrown(Supplier<Throwable> made) {
        this.made = made;
    }

    /// Makes a new throwable of this kind.
    public Throwable made() {
        return made.get();
    }

    /// Throws a new one. Declared to return, so that callers can write `throw`.
    public RuntimeException thrown() {
        throw Thrown.<RuntimeException>as(made());
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Erased: nothing is cast.
    private static <E extends Throwable> E as(Throwable failure) throws E {
        throw (E) failure;
    }

    /// An error of which nothing can be told: whatever it is asked for, it throws itself.
    public static final class Untellable extends Error {

        private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            throw this;
        }

        @Override
        public String getMessage() {
            throw this;
        }

        @Override
        public synchronized Throwable getCause() {
            throw this;
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw this;
        }
    }
}
