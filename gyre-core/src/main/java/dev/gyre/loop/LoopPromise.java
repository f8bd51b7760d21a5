package dev.gyre.loop;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The end by which a future that many wait for is completed, as the end of a connection is: it
/// stays with who will know the outcome, and the [#future] is handed to everybody, however often it
/// is asked for.
///
/// ```java
/// private final LoopPromise<Tide> turn = new LoopPromise<>(loop, "the turn of the tide");
///
/// LoopFuture<Tide> turn() {
///     return turn.future();
/// }
/// ```
///
/// Who gives up waiting, by [LoopFuture#cancel] or because the time is up, gives up for himself:
/// the future stays pending for the others. It refuses to be completed by any of them.
///
/// **Threads.** As for futures.
///
/// @param <T> the type of the value, which may be null
public final class LoopPromise<T extends @Nullable Object> {

    private final Shared<T> future;

    /// Makes a promise.
    ///
    /// @param operation its `toString` tells people what is waited for, in dumps for instance
    public LoopPromise(IOLoop loop, Object operation) {
        future = new Shared<>(loop, Objects.requireNonNull(operation, "operation"));
    }

    /// Returns the future, always the same.
    public LoopFuture<T> future() {
        return future;
    }

    /// Completes the future with a value.
    ///
    /// @return false if it was done already; then nothing changes
    public boolean complete(T value) {
        return future.endWith(value);
    }

    /// Completes the future with a failure.
    ///
    /// @return false if it was done already; then nothing changes
    public boolean fail(Throwable failure) {
        return future.endFailed(Objects.requireNonNull(failure, "failure"));
    }

    /// Completes the future with a failure that is built when somebody looks at it; see
    /// [LoopFuture#failWith].
    ///
    /// @return false if it was done already; then nothing changes
    public boolean failWith(Supplier<? extends RuntimeException> failure) {
        return future.endFailedWith(failure);
    }

    @Override
    public String toString() {
        return "LoopPromise of " + future;
    }

    /// The future, which none of those who have it may end for the others.
    static final class Shared<T extends @Nullable Object> extends LoopFuture<T> {

        private final Object operation;

        private Shared(IOLoop loop, Object operation) {
            super(loop, null, null);
            this.operation = operation;
        }

        @Override
        public boolean complete(T newValue) {
            throw notByThoseWhoWait("complete");
        }

        @Override
        public boolean fail(Throwable newFailure) {
            throw notByThoseWhoWait("fail");
        }

        @Override
        public boolean failWith(Supplier<? extends RuntimeException> failure) {
            throw notByThoseWhoWait("failWith");
        }

        private UnsupportedOperationException notByThoseWhoWait(String verb) {
            return new UnsupportedOperationException(
                    verb + " of " + this + ": others wait for it too, and its promise ends it");
        }

        @Override
        public boolean cancel() {
            loop.checkThread("LoopFuture.cancel");
            return false;
        }

        @Override
        public String toString() {
            return "LoopFuture[%s, %s]".formatted(state(), Logs.text(operation));
        }
    }
}
