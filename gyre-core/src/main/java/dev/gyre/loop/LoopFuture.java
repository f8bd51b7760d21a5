package dev.gyre.loop;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A result that a loop will have later. It belongs to its loop's thread and needs no locks.
///
/// It is completed exactly once, by a value, a failure, or cancellation. Listeners never run inside
/// the call that completes it, nor inside [#onDone], but in a later step of the loop, in the order
/// in which they were added.
///
/// ```java
/// LoopFuture<String> text = loop.runInExecutor(() -> Files.readString(path));
/// text.onDone(this::show, failure -> showError(failure.getMessage()));
/// ```
///
/// @param <T> the type of the value, which may be null
public final class LoopFuture<T extends @Nullable Object> {

    private final IOLoop loop;

    /// What stops the operation behind this future; null if nothing can.
    private final @Nullable Runnable onCancel;

    private Future.State state = Future.State.RUNNING;

    /// The value once the state is SUCCESS.
    private @Nullable T value;

    /// The failure; null unless the state is FAILED.
    private @Nullable Throwable failure;

    /// Those who wait, empty once the future is done.
    private final StepList listeners = new StepList();

    /// Makes a pending future whose operation cannot be stopped: cancelling only drops its result.
    public LoopFuture(IOLoop loop) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.onCancel = null;
    }

    /// Makes a pending future for an operation that can be stopped.
    ///
    /// @param onCancel stops the operation; called at once by [#cancel], after the state has
    ///   changed, so it must not call out to code that may come back
    public LoopFuture(IOLoop loop, Runnable onCancel) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.onCancel = Objects.requireNonNull(onCancel, "onCancel");
    }

    /// Returns a future that has its value already.
    public static <T extends @Nullable Object> LoopFuture<T> completed(IOLoop loop, T value) {
        LoopFuture<T> future = new LoopFuture<>(loop);
        future.complete(value);
        return future;
    }

    /// Returns a future that has failed already.
    public static <T extends @Nullable Object> LoopFuture<T> failed(
            IOLoop loop, Throwable failure) {
        LoopFuture<T> future = new LoopFuture<>(loop);
        future.fail(failure);
        return future;
    }

    /// Completes this future with a value.
    ///
    /// @return false if it was done already, by cancellation for instance; then nothing changes
    public boolean complete(T newValue) {
        loop.checkThread("LoopFuture.complete");
        if (isDone()) {
            return false;
        }
        value = newValue;
        done(Future.State.SUCCESS);
        return true;
    }

    /// Completes this future with a failure.
    ///
    /// @return false if it was done already; then nothing changes
    public boolean fail(Throwable newFailure) {
        Objects.requireNonNull(newFailure, "newFailure");
        loop.checkThread("LoopFuture.fail");
        if (isDone()) {
            return false;
        }
        failure = newFailure;
        done(Future.State.FAILED);
        return true;
    }

    /// Cancels this future, and the operation behind it where that is possible. Listeners get a
    /// [CancellationException].
    ///
    /// @return false if it was done already; then nothing changes
    public boolean cancel() {
        loop.checkThread("LoopFuture.cancel");
        if (isDone()) {
            return false;
        }
        done(Future.State.CANCELLED);
        if (onCancel != null) {
            onCancel.run();
        }
        return true;
    }

    private void done(Future.State end) {
        state = end;
        for (Step step = listeners.poll(); step != null; step = listeners.poll()) {
            loop.enqueue(step);
        }
    }

    /// Returns whether there is an outcome.
    public boolean isDone() {
        return state != Future.State.RUNNING;
    }

    /// Returns RUNNING, SUCCESS, FAILED or CANCELLED.
    public Future.State state() {
        return state;
    }

    /// Returns the value of a future that succeeded, without waiting.
    ///
    /// @throws IllegalStateException if there is no value
    @SuppressWarnings("NullAway") // In state SUCCESS the value is a T, which may admit null.
    public T resultNow() {
        if (state != Future.State.SUCCESS) {
            throw new IllegalStateException("the future has no value, it is " + state);
        }
        return value;
    }

    /// Returns the failure of a future that failed, or the [CancellationException] of a cancelled
    /// one, without waiting.
    ///
    /// @throws IllegalStateException if there is no failure
    public Throwable exceptionNow() {
        if (state == Future.State.CANCELLED) {
            return new CancellationException("the future was cancelled");
        }
        if (failure == null) {
            throw new IllegalStateException("the future has no failure, it is " + state);
        }
        return failure;
    }

    /// Calls one of two listeners, on the loop, in a later step, also when the outcome is there
    /// already. What a listener throws goes to the loop's [UncaughtHandler].
    ///
    /// @param onValue gets the value
    /// @param onFailure gets the failure, which is a [CancellationException] after [#cancel]
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public void onDone(Consumer<? super T> onValue, Consumer<? super Throwable> onFailure) {
        loop.checkThread("LoopFuture.onDone");
        Listener<T> listener = new Listener<>(this, onValue, onFailure);
        if (isDone()) {
            loop.enqueue(listener);
        } else {
            listeners.add(listener);
        }
    }

    /// Returns a future of what `function` makes of the value. It runs on the loop, in a later
    /// step; what it throws fails the new future. A failure or cancellation of this future passes
    /// over, and cancelling the new one cancels this one.
    public <R extends @Nullable Object> LoopFuture<R> map(
            Function<? super T, ? extends R> function) {
        Objects.requireNonNull(function, "function");
        LoopFuture<R> mapped = new LoopFuture<>(loop, this::cancel);
        onDone(
                result -> {
                    if (!mapped.isDone()) {
                        mapped.completeWith(function, result);
                    }
                },
                cause -> mapped.failOrCancel(cause));
        return mapped;
    }

    private <A extends @Nullable Object> void completeWith(
            Function<? super A, ? extends T> function, A argument) {
        try {
            complete(function.apply(argument));
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            fail(e);
        }
    }

    void failOrCancel(Throwable cause) {
        if (cause instanceof CancellationException) {
            cancel();
        } else {
            fail(cause);
        }
    }

    /// Returns a future for other threads. It is completed on the loop, in a later step, so
    /// whatever was chained to it without an executor runs there. Cancelling it does not reach this
    /// future.
    public CompletableFuture<T> toCompletableFuture() {
        CompletableFuture<T> result = new CompletableFuture<>();
        onDone(result::complete, result::completeExceptionally);
        return result;
    }

    @Override
    public String toString() {
        return "LoopFuture[" + state + "]";
    }

    private static final class Listener<T extends @Nullable Object> extends Step {

        private final LoopFuture<T> future;
        private final Consumer<? super T> onValue;
        private final Consumer<? super Throwable> onFailure;

        Listener(
                LoopFuture<T> future,
                Consumer<? super T> onValue,
                Consumer<? super Throwable> onFailure) {
            this.future = future;
            this.onValue = Objects.requireNonNull(onValue, "onValue");
            this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
        }

        @Override
        void run() {
            if (future.state == Future.State.SUCCESS) {
                onValue.accept(future.resultNow());
            } else {
                onFailure.accept(future.exceptionNow());
            }
        }

        @Override
        public String toString() {
            return "listener of a future: " + onValue;
        }
    }
}
