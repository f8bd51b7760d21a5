package dev.gyre.loop;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sequential code that runs on a loop as a coroutine, and the future of its result.
///
/// It suspends, without blocking the loop, in [LoopFuture#await], [#sleep], [#pause], and at the
/// end of a [TaskScope]. Between two of these nothing else of its loop runs, so what it shares with
/// other code of the loop needs no locks.
///
/// ```java
/// Task<Integer> answer = loop.spawn("ask", () -> {
///     Task.sleep(Duration.ofMillis(100));
///     return 42;
/// });
/// ```
///
/// **Cancellation** is sticky: after [#cancel], each further suspension throws a
/// [CancellationException], so swallowing one only delays the end. Clean-up that has to wait is put
/// into [#shielded]. A task that is blocked in a JDK call meets its cancellation at the next
/// suspension of ours. An interrupt of the task's thread, seen by a suspension, counts as a
/// cancellation.
///
/// @param <T> the type of the result
public final class Task<T extends @Nullable Object> extends LoopFuture<T> {

    /// The reason for a wait to end that is no region: the task was cancelled.
    private static final Object CANCELLED = new Object();

    /// The code that the task runs, a [Callable] or a [Body]; null once it has ended, since
    /// whatever the code has started may keep the task object alive.
    private @Nullable Object body;

    /// The task that spawned this one; null if none did.
    private final @Nullable Hold parent;

    private final Hold hold = new Hold(this);

    private final long spawnedNanos;

    /// The scope that is told when the task ends; null for a task that no scope waits for.
    private final @Nullable TaskScope scope;

    private final Coroutine coroutine;

    /// The innermost block of the body with a rule of its own for interruptions; null outside of
    /// all.
    private @Nullable Region region;

    /// The future that the task waits for; null unless the task is suspended in `await`, or such a
    /// wait was broken off by an error and has still to be given up.
    private @Nullable LoopFuture<?> awaiting;

    /// When the wait under way began.
    private long awaitingSinceNanos;

    /// Whether the task was asked to end. Set by [#cancel], never cleared.
    private boolean cancelRequested;

    /// Whether the closing loop has given the task up. Set by [#giveUp], never cleared.
    private boolean givenUp;

    /// Whether the wait under way ends because of an interruption, and not with its future. Cleared
    /// by the wait.
    private boolean abandoned;

    /// The neighbours of this task among the live ones of the loop. For [TaskList].
    @Nullable Task<?> before;

    @Nullable Task<?> after;

    Task(IOLoop loop, @Nullable String name, @Nullable TaskScope scope, Object body) {
        super(loop);
        this.scope = scope;
        this.body = Objects.requireNonNull(body, "body");
        Task<?> spawner = currentOrNull();
        this.parent = spawner == null ? null : spawner.hold;
        this.spawnedNanos = loop.turnNanos();
        String threadName = name == null ? body.getClass().getName() : name;
        this.coroutine =
                Coroutines.chosen()
                        .create(loop.thread(), loop.thread().context(), threadName, hold);
    }

    // What other code does to a task: name, cancel, interrupt.

    /// Returns the task that runs this code.
    ///
    /// @throws IllegalStateException if this code is in no task
    public static Task<?> current() {
        return running("Task.current");
    }

    /// Returns the name, for people.
    public String name() {
        return coroutine.thread().getName();
    }

    /// Asks the task to end. Loop thread only.
    ///
    /// A task that has not begun never does. One that waits is resumed, and its wait throws. One
    /// that calls this itself goes on until its next suspension. A task that lets the
    /// [CancellationException] out ends as cancelled; one that returns a value all the same has
    /// that value.
    ///
    /// @return false if it had ended, or was asked already
    @Override
    public boolean cancel() {
        loop.checkThread("Task.cancel");
        if (isDone() || cancelRequested) {
            return false;
        }
        StackRoom.require();
        cancelRequested = true;
        if (coroutine.begun()) {
            interruptWait();
        } else {
            ended();
            endCancelled();
            tellScope();
        }
        return true;
    }

    /// Refuses: only the body decides how a task ends.
    ///
    /// @throws UnsupportedOperationException always; to end a task, use [#cancel]
    @Override
    public boolean complete(T newValue) {
        throw notFromOutside("complete");
    }

    /// Refuses: only the body decides how a task ends.
    ///
    /// @throws UnsupportedOperationException always; to end a task, use [#cancel]
    @Override
    public boolean fail(Throwable newFailure) {
        throw notFromOutside("fail");
    }

    /// Refuses: only the body decides how a task ends.
    ///
    /// @throws UnsupportedOperationException always; to end a task, use [#cancel]
    @Override
    public boolean failWith(Supplier<? extends RuntimeException> failure) {
        throw notFromOutside("failWith");
    }

    private UnsupportedOperationException notFromOutside(String operation) {
        return new UnsupportedOperationException(
                operation + " of " + this + ": its body gives the outcome; use cancel() to end it");
    }

    /// Cancels the task, or does again what a cancellation before may have been too short of memory
    /// for.
    void cancelAnew() {
        if (!cancel()) {
            interruptWait();
        }
    }

    /// Cancels the task if it has not begun; that calls no user code.
    void cancelUnlessBegun() {
        if (!coroutine.begun()) {
            cancel();
        }
    }

    /// Returns whether the task is suspended, but awaits nothing of the loop's: it is blocked in a
    /// JDK call, or pauses for a turn. Under the baton the loop is blocked then, too. Loop thread
    /// only.
    public boolean isBlocked() {
        loop.checkThread("Task.isBlocked");
        boolean suspended = coroutine.begun() && loop.thread().mounted() != coroutine;
        return suspended && awaiting == null && !isDone();
    }

    /// Interrupts the JDK call in which the task is blocked. Loop thread only.
    ///
    /// Careful: the JDK closes a socket or file channel whose blocked reader is interrupted. A task
    /// that is not blocked in such a call is cancelled by it at its next suspension.
    public void interruptBlockingCalls() {
        loop.checkThread("Task.interruptBlockingCalls");
        coroutine.thread().interrupt();
    }

    /// Calls a callback once the task has ended, however it did, in a later step; also if it has
    /// ended already. For what is built on a loop, to notice what a task leaves behind: other than
    /// [#onDone] this is no look at the outcome, and nobody who waits for it. Loop thread only.
    public void onEnd(Callback callback) {
        Objects.requireNonNull(callback, "callback");
        loop.checkThread("Task.onEnd");
        CallbackStep step =
                new CallbackStep(loop.thread().context(), callback, "end of a task for");
        if (isDone()) {
            loop.thread().enqueue(step);
        } else {
            loop.onEnd(this, step);
        }
    }

    // What a task does in its own code: sleep, pause, deadlines, shields.

    /// Suspends the current task for `duration`; for one turn of the loop if that is zero or less.
    ///
    /// @throws CancellationException if the task was cancelled
    /// @throws DeadlineExceededException if a deadline around this call has passed
    /// @throws IllegalStateException if this code is in no task
    public static void sleep(Duration duration) {
        Objects.requireNonNull(duration, "duration");
        Task<?> task = running("Task.sleep");
        Sleep sleep = new Sleep(task.loop, duration);
        sleep.over.await();
    }

    /// Suspends the current task for one turn, so that everything else that is ready runs first.
    ///
    /// @throws CancellationException if the task was cancelled
    /// @throws DeadlineExceededException if a deadline around this call has passed
    /// @throws IllegalStateException if this code is in no task
    public static void pause() {
        Task<?> task = running("Task.pause");
        RuntimeException before = task.interruption(null);
        task.letTurnPass();
        if (before != null) {
            throw before;
        }
        task.throwIfInterrupted(null);
    }

    /// Runs `body` under a deadline: once it has passed, each suspension in the body throws. Nested
    /// deadlines hold together, so the nearest one is in force. A body that returns in spite of it
    /// has its value returned.
    ///
    /// @throws java.io.UncheckedIOException if the body let out an [java.io.IOException], which is
    ///   the cause; anything else comes out as it is
    /// @throws DeadlineExceededException if the body let it out
    /// @throws IllegalStateException if this code is in no task
    public static <R extends @Nullable Object> R withDeadline(
            Duration limit, Callable<? extends R> body) {
        return running("Task.withDeadline").inRegion(Region.Kind.DEADLINE, limit, body);
    }

    /// Runs `body` under a deadline, as [#withDeadline(Duration, Callable)] does.
    ///
    /// @throws java.io.UncheckedIOException if the body let out an [java.io.IOException], which is
    ///   the cause; anything else comes out as it is
    /// @throws DeadlineExceededException if the body let it out
    /// @throws IllegalStateException if this code is in no task
    public static void withDeadline(Duration limit, Body body) {
        withDeadline(limit, callable(body));
    }

    /// Runs `body`, usually clean-up, out of reach of cancellation and of the deadlines around it,
    /// for at most `limit`. After that its suspensions throw, and also once the loop has been
    /// closed and the time is over that [IOLoop#close] gives its tasks.
    ///
    /// @throws java.io.UncheckedIOException if the body let out an [java.io.IOException], which is
    ///   the cause; anything else comes out as it is
    /// @throws IllegalStateException if this code is in no task
    public static <R extends @Nullable Object> R shielded(
            Duration limit, Callable<? extends R> body) {
        return running("Task.shielded").inRegion(Region.Kind.SHIELD, limit, body);
    }

    /// Runs `body` out of reach of cancellation, as [#shielded(Duration, Callable)] does.
    ///
    /// @throws java.io.UncheckedIOException if the body let out an [java.io.IOException], which is
    ///   the cause; anything else comes out as it is
    /// @throws IllegalStateException if this code is in no task
    public static void shielded(Duration limit, Body body) {
        shielded(limit, callable(body));
    }

    private static Callable<@Nullable Void> callable(Body body) {
        Objects.requireNonNull(body, "body");
        return () -> {
            body.run();
            return null;
        };
    }

    private <R extends @Nullable Object> R inRegion(
            Region.Kind kind, Duration limit, Callable<? extends R> block) {
        Objects.requireNonNull(limit, "limit");
        Objects.requireNonNull(block, "body");
        Region before = region;
        try {
            return runUntil(enter(kind, limit), block);
        } finally {
            // The region is restored without a call: there may be no stack for one.
            region = before;
        }
    }

    private <R extends @Nullable Object> R runUntil(Region entered, Callable<? extends R> block) {
        try {
            // The timer is no bare callback: what it cancels may call user code.
            LoopTimer timer = loop.callAt(entered.deadline, () -> expire(entered));
            try {
                return block.call();
            } finally {
                timer.cancel();
            }
        } catch (Throwable e) {
            throw Rethrow.unchecked(e);
        }
    }

    /// Waits for a future, at most for `limit`, and cancels it when that time is up.
    <R extends @Nullable Object> R awaitWithin(Duration limit, LoopFuture<R> future) {
        Objects.requireNonNull(limit, "limit");
        Region before = region;
        Region entered = enter(Region.Kind.DEADLINE, limit);
        try {
            return runUntil(entered, future::await);
        } catch (DeadlineExceededException e) {
            if (entered.isOver(loop.time())) {
                future.cancel();
            }
            throw e;
        } finally {
            region = before;
        }
    }

    // What the rest of the package needs: waits, their interruption, the end.

    static @Nullable Task<?> currentOrNull() {
        LoopThread running = LoopThread.currentOrNull();
        Coroutine mounted = running == null ? null : running.mounted();
        return mounted != null && mounted.body instanceof Hold hold ? hold.task : null;
    }

    static Task<?> running(String operation) {
        Task<?> task = currentOrNull();
        if (task == null) {
            LoopThread closed = LeftOvers.loopOrNull();
            if (closed != null) {
                throw new IllegalStateException(
                        operation + " was called, but " + closed + " is closed");
            }
            throw new IllegalStateException(
                    operation
                            + " works in a task only; begin one with loop.spawn(...),"
                            + " or in main with loop.runSync(...)");
        }
        return task;
    }

    /// Returns the current task, which must be of `loop`, since another loop could not resume it.
    static Task<?> awaiting(IOLoop loop, String operation) {
        Task<?> task = running(operation);
        if (task.loop != loop) {
            throw new IllegalStateException(
                    "%s of a future of %s in a task of %s; hand the result over with addCallback"
                            .formatted(operation, loop, task.loop));
        }
        return task;
    }

    /// Makes a block inside of those that the task is in, for it to enter.
    Region newRegion(Region.Kind kind, Duration limit) {
        return new Region(kind, region, limit, Deadline.after(loop.time(), limit));
    }

    private Region enter(Region.Kind kind, Duration limit) {
        Region entered = newRegion(kind, limit);
        enter(entered);
        return entered;
    }

    void enter(Region entered) {
        region = entered;
    }

    void leave(Region left) {
        leaveTo(left.outer);
    }

    @Nullable Region region() {
        return region;
    }

    /// Leaves all blocks that are inside of `outer`.
    void leaveTo(@Nullable Region outer) {
        region = outer;
    }

    /// Ends the wait under way, whatever shields it, and each wait that follows. The loop closes,
    /// and nobody could end the waits afterwards.
    void giveUp() {
        givenUp = true;
        cancelRequested = true;
        interruptWait();
    }

    boolean isGivenUp() {
        return givenUp;
    }

    void expire(Region expired) {
        StackRoom.require();
        expired.expired = true;
        interruptWait();
    }

    void suspendUntilDone(LoopFuture<?> future) {
        if (future == this) {
            throw new IllegalStateException(this + " awaits itself, which would never end");
        }
        giveUpBrokenWait();
        awaitingSinceNanos = loop.turnNanos();
        RuntimeException interruption = interruption(future);
        if (interruption != null) {
            future.cancelUnlessAwaited();
            // A body that swallows what is thrown here, in a loop, must not hold up everything.
            letTurnPass();
            throw interruption;
        }
        Coroutine.Waiter waiter = coroutine.waiter();
        future.addWaiter(waiter);
        awaiting = future;
        try {
            coroutine.suspendUntilResumed();
        } catch (Throwable e) {
            waiter.isStale = true;
            tryToGiveUpBrokenWait();
            throw e;
        }
        awaiting = null;
        if (abandoned) {
            abandoned = false;
            throwIfInterrupted(future);
        }
    }

    /// Cleans up after a wait that ended by an error, such as an overflow of the stack: the waiter
    /// leaves the future's list. There may be no stack for that now either: then it is done before
    /// the next wait, or when the task ends.
    private void tryToGiveUpBrokenWait() {
        try {
            giveUpBrokenWait();
        } catch (StackOverflowError | OutOfMemoryError e) {
            // The error that ended the wait is on its way to the user, and says the same as this
            // one.
            abandoned = false;
        }
    }

    /// Takes the waiter of a broken wait out of its future. May be called again if it failed
    /// half-way.
    private void giveUpBrokenWait() {
        LoopFuture<?> broken = awaiting;
        if (broken != null) {
            broken.forget(coroutine.lastWaiter());
            abandoned = false;
            awaiting = null;
        }
    }

    private void letTurnPass() {
        giveUpBrokenWait();
        Coroutine.Waiter waiter = coroutine.waiter();
        try {
            loop.thread().enqueue(waiter);
            coroutine.suspendUntilResumed();
        } catch (Throwable e) {
            waiter.isStale = true;
            throw e;
        }
    }

    void start() {
        loop.thread().enqueue(coroutine.waiter());
    }

    Coroutine coroutine() {
        return coroutine;
    }

    /// Returns the task that spawned this one, if that is still alive.
    @Nullable Task<?> parent() {
        return parent == null ? null : parent.task;
    }

    @Nullable LoopFuture<?> awaiting() {
        return awaiting;
    }

    long spawnedNanos() {
        return spawnedNanos;
    }

    long awaitingSinceNanos() {
        return awaitingSinceNanos;
    }

    @SuppressWarnings("unchecked") // As whoever began the task has it.
    private void runBody() {
        Object begun = body;
        if (begun == null) {
            // The task was cancelled before it began.
            return;
        }
        // No method around the call, and little in this one: its frame is kept while the task is
        // suspended.
        @Nullable T value = null;
        @Nullable Throwable thrown = null;
        try {
            if (begun instanceof Body withoutResult) {
                withoutResult.run();
            } else {
                value = ((Callable<? extends T>) begun).call();
            }
        } catch (Throwable e) {
            thrown = e;
        }
        bodyEnded(value, thrown);
    }

    private void bodyEnded(@Nullable T value, @Nullable Throwable thrown) {
        try {
            ended();
            end(value, thrown);
        } finally {
            tellScope();
            // The context would stay with the coroutine, which is kept by the threads that this
            // task has started.
            loop.thread().context(Context.EMPTY);
        }
    }

    @SuppressWarnings("NullAway") // A body that threw nothing has given a T.
    private void end(@Nullable T value, @Nullable Throwable thrown) {
        if (thrown == null) {
            endWith(value);
        } else {
            endBy(thrown);
        }
    }

    private void endBy(Throwable thrown) {
        // The cancellation may also be that of something else which this task awaited, and then it
        // is a failure.
        boolean isOwnCancellation = cancelRequested || loop.thread().dropsSteps();
        if (thrown instanceof CancellationException && isOwnCancellation) {
            endCancelled();
        } else {
            endFailed(thrown);
        }
    }

    private void tellScope() {
        if (scope != null) {
            scope.ended(this);
        }
    }

    private void ended() {
        loop.ended(this);
        hold.task = null;
        body = null;
        try {
            giveUpBrokenWait();
        } catch (OutOfMemoryError e) {
            // There is no memory to give up the future that the task awaited, which goes on for
            // nobody. The task must end all the same.
            loop.reports().untold(e);
        }
    }

    /// Ends the wait under way if there is a reason to. The future may have been completed in this
    /// very turn; then its outcome stands, and the next suspension throws.
    private void interruptWait() {
        LoopFuture<?> future = awaiting;
        if (future != null && !abandoned && !future.isDone() && reasonToEnd() != null) {
            abandoned = true;
            future.abandon(coroutine.waiter());
        }
    }

    private void throwIfInterrupted(@Nullable LoopFuture<?> future) {
        RuntimeException interruption = interruption(future);
        if (interruption != null) {
            throw interruption;
        }
    }

    /// Returns what a suspension must throw, or null if it may go on.
    ///
    /// @param future what it awaits; null if it only lets a turn pass
    private @Nullable RuntimeException interruption(@Nullable LoopFuture<?> future) {
        Object reason = reasonToEnd();
        if (reason == null) {
            return null;
        }
        return reason instanceof Region ended && region != null
                ? ended.interruption(region, whatWasAwaited(future))
                : new CancellationException("task " + name() + " was cancelled");
    }

    private String whatWasAwaited(@Nullable LoopFuture<?> future) {
        if (future == null) {
            return "";
        }
        Duration since = Duration.ofNanos(Math.max(0, loop.time() - awaitingSinceNanos));
        return ": awaited %s for %s".formatted(future.awaitedText(), Durations.text(since));
    }

    /// Returns why a suspension must throw, a region that is over or [#CANCELLED], or null if it
    /// may go on. Of several reasons the outermost counts; a shield that holds keeps out all
    /// reasons beyond it. Takes no memory: a wait must be able to end when there is none.
    private @Nullable Object reasonToEnd() {
        if (region == null && !cancelRequested) {
            return null;
        }
        Region outermost = null;
        long now = loop.time();
        for (Region each = region; each != null; each = each.outer) {
            if (each.isOver(now)) {
                outermost = each;
            } else if (each.kind == Region.Kind.SHIELD && !givenUp) {
                return outermost;
            }
        }
        return cancelRequested ? CANCELLED : outermost;
    }

    @Override
    String awaitedText() {
        return toString();
    }

    @Override
    String describe() {
        Site site = site();
        return site == null ? toString() : this + ", spawned at " + site;
    }

    @Override
    public String toString() {
        return "task " + name();
    }

    /// What those hold of a task who may outlive it: its coroutine, whose thread is kept by the
    /// threads that it has started, and its child tasks. They do not keep the task itself once it
    /// has ended.
    private static final class Hold implements CoroutineBody {

        /// The task; null once it has ended.
        private @Nullable Task<?> task;

        Hold(Task<?> task) {
            this.task = task;
        }

        @Override
        public void run() {
            Task<?> begun = task;
            if (begun != null) {
                begun.runBody();
            }
        }

        @Override
        public void interrupted() {
            Task<?> waiting = task;
            if (waiting != null) {
                waiting.cancel();
            }
        }
    }
}
