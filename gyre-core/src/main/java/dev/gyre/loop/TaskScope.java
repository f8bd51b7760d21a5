package dev.gyre.loop;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Tasks that live no longer than a block of code.
///
/// ```java
/// TaskScope.run(scope -> {
///     scope.spawn("up", () -> client.pipeTo(server).await());
///     scope.spawn("down", () -> server.pipeTo(client).await());
/// });
/// ```
///
/// [#run], and [#call] for a block with a value, return when the block and all its children have
/// ended. There are three policies for failures: these two are all or nothing, [#race] wants one,
/// [#collect] takes what comes.
public final class TaskScope {

    private static final Operation ALL_TASKS = Operation.endless("the tasks of its scope");
    private static final Operation RACE = Operation.endless("TaskScope.race");

    private final IOLoop loop;
    private final Task<?> owner;

    /// Whether a child's failure is the failure of the scope.
    private final boolean failsFast;

    /// The block's own region, through which a child's failure cancels it.
    private final Region block;

    private final Set<Task<?>> children = new LinkedHashSet<>();

    /// How many child tasks have not ended.
    private int live;

    /// Whether the children were told to end, as each child that comes from now on is. Telling them
    /// once is enough: they may all fail, and each failure would go over all children that are
    /// left.
    private boolean childrenCancelled;

    /// The first failure of the body or a child; null while there is none.
    private @Nullable Throwable failure;

    /// Whether that failure is a child's, whose trace does not show who opened the scope.
    private boolean failedInChild;

    /// The future that is completed when the last child ends; null unless the owner waits for that.
    private @Nullable LoopFuture<@Nullable Void> allEnded;

    /// True once the scope is over: no child can be spawned any more.
    private boolean closed;

    private final Spreading spreading = new Spreading();

    private TaskScope(Task<?> owner, boolean failsFast) {
        this.loop = owner.loop;
        this.owner = owner;
        this.failsFast = failsFast;
        this.block = owner.newRegion(Region.Kind.SCOPE, Region.NO_LIMIT);
    }

    /// The code of a scope.
    @FunctionalInterface
    public interface Block {

        /// Runs in the task that opened the scope.
        void run(TaskScope scope) throws Exception;
    }

    /// The code of a scope that has a value.
    ///
    /// @param <R> the type of the value
    @FunctionalInterface
    public interface ValueBlock<R extends @Nullable Object> {

        /// Runs in the task that opened the scope.
        R call(TaskScope scope) throws Exception;
    }

    /// Runs `block`, and waits for all children that were spawned meanwhile.
    ///
    /// A child that fails cancels the block and its siblings. When all have ended, `run` throws
    /// that failure; further ones are added to it as suppressed. When the block itself throws, the
    /// children are cancelled and waited for in the same way. So it is when the task is cancelled,
    /// or its deadline passes, while the scope waits. Where the task cannot wait, for want of stack
    /// or memory or below a class initialiser, `run` throws why, unless something has failed before
    /// that, and the cancelled children end after that.
    ///
    /// @throws java.io.UncheckedIOException if that failure is an [java.io.IOException], which is
    ///   the cause; anything else comes out as it is
    /// @throws IllegalStateException if this code is in no task
    public static void run(Block block) {
        Objects.requireNonNull(block, "block");
        new TaskScope(Task.running("TaskScope.run"), true)
                .<@Nullable Void>execute(scope -> {
                    block.run(scope);
                    return null;
                });
    }

    /// Runs `block`, waits for all children that were spawned meanwhile, and returns the block's
    /// value. What fails has the same effect as in [#run].
    ///
    /// @throws java.io.UncheckedIOException if that failure is an [java.io.IOException], which is
    ///   the cause; anything else comes out as it is
    /// @throws IllegalStateException if this code is in no task
    public static <R extends @Nullable Object> R call(ValueBlock<R> block) {
        Objects.requireNonNull(block, "block");
        return new TaskScope(Task.running("TaskScope.call"), true).execute(block);
    }

    /// Runs all bodies at once, each in a task of its own, and returns the first value. The others
    /// are cancelled and waited for. When all fail, the first failure is thrown, with the others
    /// suppressed; a cancellation counts only if there is nothing else.
    ///
    /// The value of a loser is dropped, also if it came in the same turn as the winner's. So no
    /// body may return what somebody must have or give back, such as an item of a queue or a
    /// permit: let it use that up before it returns, or see [LoopFuture#any] for how to keep what
    /// the others have got.
    ///
    /// @throws java.io.UncheckedIOException if that failure is an [java.io.IOException], which is
    ///   the cause; anything else comes out as it is
    /// @throws IllegalArgumentException if there are no bodies
    /// @throws IllegalStateException if this code is in no task
    @SafeVarargs
    public static <R extends @Nullable Object> R race(Callable<? extends R>... bodies) {
        Objects.requireNonNull(bodies, "bodies");
        if (bodies.length == 0) {
            throw new IllegalArgumentException("a race needs somebody who runs");
        }
        TaskScope scope = new TaskScope(Task.running("TaskScope.race"), false);
        Race<R> race = new Race<>(scope.loop, bodies.length);
        return scope.execute(ignored -> {
            for (Callable<? extends R> body : bodies) {
                Task<R> runner = scope.spawn("race", body);
                runner.whenEnded(() -> race.ended(runner));
            }
            try {
                return race.winner.await();
            } finally {
                scope.cancelChildren();
            }
        });
    }

    /// Runs all bodies at once, each in a task of its own, waits for all, and returns the ended
    /// tasks in the order of the bodies. A failure stays with its task.
    ///
    /// @throws IllegalStateException if this code is in no task
    @SafeVarargs
    public static <R extends @Nullable Object> List<Task<R>> collect(
            Callable<? extends R>... bodies) {
        Objects.requireNonNull(bodies, "bodies");
        TaskScope scope = new TaskScope(Task.running("TaskScope.collect"), false);
        return scope.execute(ignored -> {
            List<Task<R>> tasks = new ArrayList<>();
            for (Callable<? extends R> body : bodies) {
                tasks.add(scope.spawn("collect", body));
            }
            return tasks;
        });
    }

    /// Begins a child task. Its failure needs no report of its own. Loop thread only.
    ///
    /// @param name for people
    /// @return the child; in a scope that has failed it is cancelled already
    /// @throws IllegalStateException if the scope is over
    public <T extends @Nullable Object> Task<T> spawn(String name, Callable<? extends T> body) {
        return begin(name, body);
    }

    /// Begins a child task. Its failure needs no report of its own. Loop thread only.
    ///
    /// @param name for people
    /// @return the child; in a scope that has failed it is cancelled already
    /// @throws IllegalStateException if the scope is over
    public Task<@Nullable Void> spawn(String name, Body body) {
        return begin(name, body);
    }

    private <T extends @Nullable Object> Task<T> begin(String name, Object body) {
        Objects.requireNonNull(name, "name");
        if (closed) {
            throw new IllegalStateException("the scope is over; it can spawn nothing any more");
        }
        Task<T> child = loop.begin(name, this, body);
        child.observe();
        children.add(child);
        live++;
        if (childrenCancelled || block.expired) {
            child.cancel();
        }
        return child;
    }

    /// Called by a child that has ended.
    void ended(Task<?> child) {
        live--;
        children.remove(child);
        try {
            if (failsFast && child.state() == Future.State.FAILED) {
                failedInChild |= failure == null;
                fail(child.exceptionNow());
            }
        } finally {
            LoopFuture<@Nullable Void> waited = allEnded;
            if (live == 0 && waited != null) {
                waited.complete(null);
            }
        }
    }

    private <R extends @Nullable Object> R execute(ValueBlock<R> body) {
        // Before anything has begun that would have to be ended without a stack.
        StackRoom.require();
        Result<R> result = new Result<>();
        owner.enter(block);
        try {
            result.value = body.call(this);
        } catch (CancellationException e) {
            if (!block.expired) {
                fail(e);
            }
        } catch (Throwable e) {
            fail(e);
        }
        owner.leave(block);
        try {
            waitForChildren();
        } finally {
            closed = true;
        }
        if (failure != null) {
            if (failedInChild) {
                showOwner(failure);
            }
            throw Rethrow.unchecked(failure);
        }
        return result.get();
    }

    private void showOwner(Throwable shown) {
        try {
            AwaitedAt.addTo(shown);
        } catch (OutOfMemoryError e) {
            // The failure itself is more than where it was awaited.
            loop.reports().untold(e);
        }
    }

    private void waitForChildren() {
        Region around = owner.region();
        try {
            // A loop that closes gives up the children that do not end, and the owner's wait for
            // them.
            boolean canWait = true;
            while (live > 0 && canWait && !owner.isGivenUp()) {
                canWait = waitForAll();
            }
        } finally {
            owner.leaveTo(around);
        }
    }

    /// @return false if the task cannot wait here, and could not later either
    private boolean waitForAll() {
        try {
            LoopFuture<@Nullable Void> ended = new LoopFuture<>(loop, ALL_TASKS);
            allEnded = ended;
            ended.await();
            return true;
        } catch (CancellationException | DeadlineExceededException e) {
            fail(e);
            return shieldWait();
        } catch (Throwable e) {
            fail(e);
            return false;
        }
    }

    /// The children are cancelled now; nothing else may end the wait for them any more.
    private boolean shieldWait() {
        try {
            owner.enter(owner.newRegion(Region.Kind.SHIELD, Region.NO_LIMIT));
            return true;
        } catch (OutOfMemoryError e) {
            keep(e);
            return false;
        }
    }

    /// Ends the scope for a reason that it must tell. Throws nothing: there is more to do after it.
    private void fail(Throwable cause) {
        keep(cause);
        spreading.now();
    }

    private void keep(Throwable cause) {
        if (failure == null) {
            failure = cause;
        } else if (failure != cause) {
            loop.reports().suppress(failure, cause);
        }
    }

    private void cancelChildren() {
        if (childrenCancelled) {
            return;
        }
        // The mark is set first, since cancelling may call user code that spawns.
        childrenCancelled = true;
        try {
            List.copyOf(children).forEach(Task::cancelAnew);
        } catch (Throwable e) {
            // There was no stack or memory; who tries again finds those that are left.
            childrenCancelled = false;
            throw e;
        }
    }

    /// The end of the block and the children once something has failed. Where there is no stack or
    /// memory for that it is done in a later step, for which all is there.
    private final class Spreading extends Step {

        private boolean isQueued;

        Spreading() {
            super(Context.EMPTY);
        }

        void now() {
            try {
                spread();
            } catch (Throwable e) {
                // Whatever it is, it comes again there if it does not pass.
                later();
            }
        }

        private void spread() {
            cancelChildren();
            owner.expire(block);
        }

        private void later() {
            if (!isQueued) {
                isQueued = true;
                loop.thread().enqueue(this);
            }
        }

        /// Not bare: cancelling may call out.
        @Override
        void run() {
            isQueued = false;
            try {
                spread();
            } catch (OutOfMemoryError e) {
                later();
                loop.thread().shortOfMemory(e);
            }
        }

        @Override
        public String toString() {
            return "end of a scope of " + owner;
        }
    }

    /// The value of the body, which may rightly be null.
    private static final class Result<R extends @Nullable Object> {

        private @Nullable R value;

        @SuppressWarnings("NullAway") // Asked only after the body has returned, with what it gave.
        R get() {
            return value;
        }
    }

    /// The state that the runners of a race share.
    private static final class Race<R extends @Nullable Object> {

        private final LoopFuture<R> winner;
        private int running;

        private final Failures failures = new Failures();

        Race(IOLoop loop, int runners) {
            this.winner = new LoopFuture<>(loop, RACE);
            this.running = runners;
        }

        /// Called by a runner that has ended.
        void ended(Task<R> runner) {
            running--;
            if (runner.state() == Future.State.SUCCESS) {
                winner.complete(runner.resultNow());
                return;
            }
            failures.add(runner);
            if (running == 0) {
                failures.end(winner);
            }
        }
    }
}
