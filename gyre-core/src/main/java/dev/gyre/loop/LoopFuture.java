package dev.gyre.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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
/// **Threads.** Any thread may make one, for it touches nothing of the loop, and hand it over with
/// [IOLoop#addCallback]. Whatever changes it, waits for it or looks at its outcome refuses foreign
/// threads while the loop runs, with an [IllegalStateException]; [#isDone] and [#state] do not
/// check, and tell a foreign thread nothing that it could rely on.
///
/// @param <T> the type of the value, which may be null
public sealed class LoopFuture<T extends @Nullable Object> permits Task, LoopPromise.Shared {

    /// How long nobody may have looked at the failure of a future, on the loop's clock, before it
    /// is reported to the loop's [UncaughtHandler], once: a second. It is reported sooner if the
    /// loop stops or closes. To look at it is to await the future, to listen to it, to ask for its
    /// failure, to combine or export it, or to [#observe] it.
    public static final Duration UNOBSERVED_MAX = Duration.ofSeconds(1);

    /// Stands in for an outcome that is still to come, and that somebody has asked for.
    private static final Object ASKED_FOR = new Object();

    final IOLoop loop;

    /// Where this future was made; null unless sites are recorded, and if it says what it is.
    private final @Nullable Site site;

    /// What stops the operation behind this future; null if nothing can.
    private final @Nullable Runnable onCancel;

    private Future.State state = Future.State.RUNNING;

    /// The value once the state is SUCCESS, the failure or what builds it once it is FAILED.
    /// Before, [#ASKED_FOR] if somebody has asked for it, or will be told; else null. One field for
    /// all of these, told apart by the state: a sealed type would be one object more for each
    /// future (FutureBenchmark, ParkedMemory).
    private @Nullable Object outcome;

    /// The steps that wait for this future, see [WaiterList]; null while there are none, and once
    /// the future is done.
    private @Nullable Step waiting;

    /// The failure as it will be reported if nobody asks for it; null if somebody has, or there is
    /// no failure.
    private Reports.@Nullable Unobserved unobserved;

    /// Makes a pending future whose operation cannot be stopped: cancelling only drops its result.
    public LoopFuture(IOLoop loop) {
        this(loop, null, Site.hereOrNull());
    }

    /// Makes a pending future for an operation that can be stopped.
    ///
    /// @param onCancel stops the operation; called at once by [#cancel], after the state has
    ///   changed, so it must not call out to code that may come back. If it is not a lambda, its
    ///   `toString` tells people what the operation is, in dumps for instance.
    public LoopFuture(IOLoop loop, Runnable onCancel) {
        this(loop, Objects.requireNonNull(onCancel, "onCancel"), Site.hereUnlessNamed(onCancel));
    }

    LoopFuture(IOLoop loop, @Nullable Runnable onCancel, @Nullable Site site) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.onCancel = onCancel;
        this.site = site;
    }

    /// Returns a future that has its value already.
    public static <T extends @Nullable Object> LoopFuture<T> completed(IOLoop loop, T value) {
        Objects.requireNonNull(loop, "loop");
        loop.checkThread("LoopFuture.completed");
        LoopFuture<T> future = new LoopFuture<>(loop, null, null);
        // Nobody knows the new future yet, so there is nobody to tell.
        future.outcome = value;
        future.state = Future.State.SUCCESS;
        return future;
    }

    /// Returns a future that has failed already.
    public static <T extends @Nullable Object> LoopFuture<T> failed(
            IOLoop loop, Throwable failure) {
        LoopFuture<T> future = new LoopFuture<>(loop);
        future.fail(failure);
        return future;
    }

    /// Returns a future of all values, in the order of `futures`. It is done when all of them are,
    /// also if one failed early; then it has the first failure in that order, the others
    /// suppressed; a cancellation counts only if there is nothing else. Cancelling it cancels those
    /// of them that nobody else awaits.
    ///
    /// @throws IllegalArgumentException if they are not all of one loop
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public static <T extends @Nullable Object> LoopFuture<List<T>> all(
            Collection<? extends LoopFuture<? extends T>> futures) {
        return new Combined<T>(futures, "LoopFuture.all").all();
    }

    /// Returns a future of the first value that comes; the others go on. When all have failed, it
    /// has the first failure in the order of `futures`, the others suppressed; a cancellation
    /// counts only if there is nothing else. Cancelling it cancels those of them that nobody else
    /// awaits.
    ///
    /// Where the values are taken from somewhere, as the items of a queue or permits are, those of
    /// the others would be lost. So keep the futures, cancel them all, and use, or give back, what
    /// each of them has got before that:
    ///
    /// ```java
    /// List<LoopFuture<Job>> takes = List.of(urgentJobs.take(), otherJobs.take());
    /// try {
    ///     LoopFuture.any(takes).await();
    /// } finally {
    ///     for (LoopFuture<Job> take : takes) {
    ///         if (!take.cancel() && take.state() == Future.State.SUCCESS) {
    ///             begin(take.resultNow());
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// @throws IllegalArgumentException if there are no futures, or they are not all of one loop
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public static <T extends @Nullable Object> LoopFuture<T> any(
            Collection<? extends LoopFuture<? extends T>> futures) {
        return new Combined<T>(futures, "LoopFuture.any").any();
    }

    /// Returns `futures` one after the other as they get done.
    ///
    /// @throws IllegalArgumentException if they are not all of one loop
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public static <T extends @Nullable Object> CompletionOrder<T> inCompletionOrder(
            Collection<? extends LoopFuture<T>> futures) {
        Objects.requireNonNull(futures, "futures");
        return new CompletionOrder<>(futures);
    }

    /// Completes this future with a value.
    ///
    /// @return false if it was done already, by cancellation for instance; then nothing changes
    /// @throws UnsupportedOperationException if this is a [Task], or the future of a [LoopPromise]
    /// @throws StackOverflowError if the stack is nearly exhausted; then nothing has changed
    public boolean complete(T newValue) {
        return endWith(newValue);
    }

    final boolean endWith(T newValue) {
        loop.checkThread("LoopFuture.complete");
        if (isDone()) {
            return false;
        }
        done(Future.State.SUCCESS, newValue);
        return true;
    }

    /// Completes this future with a failure.
    ///
    /// @return false if it was done already; then nothing changes
    /// @throws UnsupportedOperationException if this is a [Task], or the future of a [LoopPromise]
    /// @throws StackOverflowError if the stack is nearly exhausted; then nothing has changed
    public boolean fail(Throwable newFailure) {
        Objects.requireNonNull(newFailure, "newFailure");
        return endFailed(newFailure);
    }

    final boolean endFailed(Throwable newFailure) {
        loop.checkThread("LoopFuture.fail");
        if (isDone()) {
            return false;
        }
        StackRoom.require();
        boolean unasked = outcome == null;
        done(Future.State.FAILED, newFailure);
        if (unasked) {
            noteUnobserved(newFailure);
        }
        return true;
    }

    private void noteUnobserved(Throwable newFailure) {
        long dueNanos = loop.turnNanos() + UNOBSERVED_MAX.toNanos();
        try {
            unobserved = loop.reports().unobserved(describe(), newFailure, dueNanos);
        } catch (OutOfMemoryError e) {
            // There is no memory to wait whether somebody looks at the failure. It is told in any
            // case, perhaps for nothing; better than never.
            loop.reports().untold(newFailure);
        }
    }

    /// Completes this future with a failure that is built when somebody looks at it, hence with the
    /// frames of the coroutine that awaits, and anew for each that does. For what fails often, and
    /// is told elsewhere too, as the end of a stream is: it is never reported as unobserved.
    ///
    /// @param failure builds the failure; called on the loop, in the code that looks. What it
    ///   throws instead is the failure then.
    /// @return false if this future was done already; then nothing changes
    /// @throws UnsupportedOperationException if this is a [Task], or the future of a [LoopPromise]
    public boolean failWith(Supplier<? extends RuntimeException> failure) {
        return endFailedWith(failure);
    }

    final boolean endFailedWith(Supplier<? extends RuntimeException> failure) {
        Objects.requireNonNull(failure, "failure");
        loop.checkThread("LoopFuture.failWith");
        if (isDone()) {
            return false;
        }
        StackRoom.require();
        done(Future.State.FAILED, failure);
        return true;
    }

    /// Cancels this future, and the operation behind it where that is possible. Listeners get a
    /// [CancellationException].
    ///
    /// @return false if it was done already, or is that of a [LoopPromise]; then nothing changes
    public boolean cancel() {
        if (!endCancelled()) {
            return false;
        }
        if (onCancel != null) {
            stopOperation(onCancel);
        }
        return true;
    }

    private void stopOperation(Runnable operation) {
        try {
            operation.run();
        } catch (Throwable e) {
            // Whoever cancels cannot help that the operation failed to stop, and those who wait
            // must be told of the end all the same.
            loop.reports().uncaught("the cancellation of a future", e);
        }
    }

    final boolean endCancelled() {
        loop.checkThread("LoopFuture.cancel");
        if (isDone()) {
            return false;
        }
        done(Future.State.CANCELLED, null);
        return true;
    }

    private void done(Future.State end, @Nullable Object newOutcome) {
        Step oldest = waiting;
        if (oldest == null) {
            outcome = newOutcome;
            state = end;
            return;
        }
        if (WaiterList.isOnly(oldest) && !loop.thread().dropsSteps()) {
            // Queueing changes nothing if it overflows the stack, and what follows needs no stack:
            // so the case of a single waiter does without a look at [StackRoom], which would cost
            // half as much as all the rest.
            loop.thread().enqueue(oldest);
            oldest.before = null;
            outcome = newOutcome;
            state = end;
            waiting = null;
            return;
        }
        StackRoom.require();
        outcome = newOutcome;
        state = end;
        waiting = null;
        while (oldest != null) {
            Step step = oldest;
            oldest = WaiterList.remove(oldest, step);
            loop.thread().enqueue(step);
        }
    }

    /// Waits for the outcome: suspends this coroutine, and nothing else, until it is there. Goes on
    /// at once if it is there already.
    ///
    /// When the task is cancelled or its deadline passes meanwhile, the wait ends with that. The
    /// future is cancelled then too, unless somebody else is waiting for it. A value that has
    /// arrived by that time is returned nevertheless, so that nothing granted is lost; the next
    /// suspension throws.
    ///
    /// @return the value
    /// @throws CancellationException if this future, or the task that waits, was cancelled
    /// @throws DeadlineExceededException if a deadline around this call has passed
    /// @throws UncheckedIOException if the failure is an [IOException], which is its cause
    /// @throws RuntimeException any other failure itself, of whatever type, also a checked one. If
    ///   it was born elsewhere, the frames of this call are added to it as a suppressed exception.
    /// @throws IllegalStateException if this code is in no task of the future's loop
    public T await() {
        if (isDone()) {
            loop.checkThread("LoopFuture.await");
        } else {
            awaiter().suspendUntilDone(this);
        }
        return outcome();
    }

    /// Returns the task that may wait here. Code that may not wait gives this future up: one that
    /// stands for a place in the line for a lock, say, would be granted to nobody.
    private Task<?> awaiter() {
        try {
            return Task.awaiting(loop, "await");
        } catch (IllegalStateException e) {
            if (loop.thread().isOwnedBy(Thread.currentThread())) {
                cancelUnlessAwaited();
            }
            throw e;
        }
    }

    /// Waits for the outcome, at most for `limit`. When the time is up, this future is cancelled,
    /// unless it is that of a [LoopPromise].
    ///
    /// @return the value
    /// @throws DeadlineExceededException if the time was up first, or that of a block around this
    public T await(Duration limit) {
        return isDone() ? await() : awaiter().awaitWithin(limit, this);
    }

    /// Returns the value, or throws the failure with the frames of the caller.
    final T outcome() {
        looked();
        if (state == Future.State.FAILED) {
            Throwable failure = failure();
            if (failure == outcome && !(failure instanceof IOException)) {
                AwaitedAt.addTo(failure);
            }
            throw Rethrow.unchecked(failure);
        }
        if (state == Future.State.CANCELLED) {
            throw new CancellationException("what was awaited was cancelled");
        }
        return value();
    }

    /// Adds a step of the loop's own, to be run once this pending future is done.
    final void addWaiter(Step waiter) {
        looked();
        waiting = WaiterList.add(waiting, waiter);
    }

    /// Runs work of the library's own when this future is done: now, or as a step.
    final void whenEnded(Runnable work) {
        if (isDone()) {
            looked();
            work.run();
        } else {
            addWaiter(new BareStep(work));
        }
    }

    /// Resumes a waiter although this future is not done, and cancels the future if nobody else
    /// waits.
    final void abandon(Step waiter) {
        leave(waiter);
        // The waiter is queued before the operation behind the future is stopped, since that may
        // fail.
        loop.thread().enqueue(waiter);
        cancelUnlessAwaited();
    }

    /// Removes a waiter, and cancels this future if nobody else waits.
    final void forget(Step waiter) {
        leave(waiter);
        cancelUnlessAwaited();
    }

    /// Removes a waiter, whatever becomes of this future.
    final void leave(Step waiter) {
        if (waiting != null) {
            waiting = WaiterList.remove(waiting, waiter);
        }
    }

    /// Cancels this future if nobody waits: somebody who wanted to wait does not.
    final void cancelUnlessAwaited() {
        if (waiting == null) {
            cancel();
        }
    }

    /// Says that a failure of this future needs no report, because it is told elsewhere too.
    public final void observe() {
        loop.checkThread("LoopFuture.observe");
        looked();
    }

    /// Notes that somebody has asked for the outcome, or will be told of it.
    final void looked() {
        Reports.Unobserved report = unobserved;
        if (!isDone()) {
            outcome = ASKED_FOR;
        } else if (report != null) {
            unobserved = null;
            report.cancel();
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
    /// @throws IllegalStateException if there is no value, or if called from a foreign thread while
    ///   the loop runs
    public T resultNow() {
        loop.checkThread("LoopFuture.resultNow");
        looked();
        if (state != Future.State.SUCCESS) {
            throw new IllegalStateException(
                    "the future has no value, it is " + state,
                    state == Future.State.FAILED ? failure() : null);
        }
        return value();
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // In state SUCCESS the outcome is a T.
    private T value() {
        return (T) outcome;
    }

    /// Returns the failure of a future that failed, or the [CancellationException] of a cancelled
    /// one, without waiting.
    ///
    /// @throws IllegalStateException if there is no failure, or if called from a foreign thread
    ///   while the loop runs
    public Throwable exceptionNow() {
        loop.checkThread("LoopFuture.exceptionNow");
        if (state == Future.State.CANCELLED) {
            return new CancellationException("the future was cancelled");
        }
        if (state != Future.State.FAILED) {
            throw new IllegalStateException("the future has no failure, it is " + state);
        }
        looked();
        return failure();
    }

    /// Returns the failure, built now if it is to be built. In state FAILED only.
    private Throwable failure() {
        if (outcome instanceof Throwable present) {
            return present;
        }
        Supplier<?> builder = (Supplier<?>) Objects.requireNonNull(outcome);
        try {
            Object built = builder.get();
            return (Throwable) Objects.requireNonNull(built, "what was to build a failure");
        } catch (Throwable e) {
            // What the supplier threw is a failure like any other to whoever looks, and code that
            // only passes failures on goes on.
            return e;
        }
    }

    /// Calls one of two listeners, on the loop, in a later step, also when the outcome is there
    /// already. What a listener throws goes to the loop's [UncaughtHandler].
    ///
    /// @param onValue gets the value
    /// @param onFailure gets the failure, which is a [CancellationException] after [#cancel]
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public void onDone(Consumer<? super T> onValue, Consumer<? super Throwable> onFailure) {
        loop.checkThread("LoopFuture.onDone");
        addListener(new Listener<>(this, onValue, onFailure));
    }

    /// Adds a step that runs once this future is done, in a later step also if it is.
    final void addListener(Step listener) {
        if (isDone()) {
            looked();
            loop.thread().enqueue(listener);
        } else {
            addWaiter(listener);
        }
    }

    /// Returns a future of what `function` makes of the value. It runs on the loop, in a later
    /// step; what it throws fails the new future. A failure or cancellation of this future passes
    /// over, and cancelling the new one cancels this one. A value that has arrived when the new one
    /// is cancelled, but was not passed on yet, is dropped, and `function` not called: what has to
    /// be released, such as a permit, is awaited and not mapped.
    public <R extends @Nullable Object> LoopFuture<R> map(
            Function<? super T, ? extends R> function) {
        Objects.requireNonNull(function, "function");
        loop.checkThread("LoopFuture.map");
        Step[] passing = new Step[1];
        Runnable stop = () -> cancelOrLeave(passing[0]);
        LoopFuture<R> mapped = new LoopFuture<>(loop, new Operation("LoopFuture.map", stop));
        passing[0] =
                new Listener<>(
                        this,
                        result -> {
                            if (!mapped.isDone()) {
                                mapped.completeWith(function, result);
                            }
                        },
                        cause -> {
                            if (state == Future.State.CANCELLED) {
                                mapped.cancel();
                            } else {
                                mapped.fail(cause);
                            }
                        });
        addListener(passing[0]);
        return mapped;
    }

    /// Lets go of a listener that is not interested any more. A shared future goes on without it.
    private void cancelOrLeave(Step listener) {
        if (!cancel()) {
            leave(listener);
        }
    }

    private <A extends @Nullable Object> void completeWith(
            Function<? super A, ? extends T> function, A argument) {
        try {
            complete(function.apply(argument));
        } catch (Throwable e) {
            failOrCancel(e);
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
    /// whatever was chained to it without an executor runs there, as a callback does. Cancelling it
    /// does not reach this future.
    ///
    /// If the loop is closed before that step, it is completed on the thread that closes the loop,
    /// once its tasks have ended; if this future is done only afterwards, on the thread that does
    /// that. One that is never done leaves it pending.
    public CompletableFuture<T> toCompletableFuture() {
        loop.checkThread("LoopFuture.toCompletableFuture");
        CompletableFuture<T> result = new CompletableFuture<>();
        addListener(new Handover<>(this, result));
        return result;
    }

    final @Nullable Site site() {
        return site;
    }

    /// Returns what somebody awaits who awaits this future.
    String awaitedText() {
        String operation = operationText();
        return operation == null ? "a future" : operation;
    }

    /// Returns what the operation behind this future is; null if there is none, or it is a lambda,
    /// the text of which tells nothing.
    private @Nullable String operationText() {
        return onCancel == null || !Site.isNamed(onCancel) ? null : Logs.text(onCancel);
    }

    /// Returns what this future is and where it was made, as far as that was recorded.
    String describe() {
        return site == null ? toString() : this + ", made at " + site;
    }

    @Override
    public String toString() {
        String operation = operationText();
        return operation == null
                ? "LoopFuture[" + state + "]"
                : "LoopFuture[%s, %s]".formatted(state, operation);
    }

    private static final class Listener<T extends @Nullable Object> extends Step {

        private final LoopFuture<T> future;
        private final Consumer<? super T> onValue;
        private final Consumer<? super Throwable> onFailure;

        Listener(
                LoopFuture<T> future,
                Consumer<? super T> onValue,
                Consumer<? super Throwable> onFailure) {
            super(future.loop.thread().context());
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
