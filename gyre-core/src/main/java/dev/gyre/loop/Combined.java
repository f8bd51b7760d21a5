package dev.gyre.loop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// One future made of several, for [LoopFuture#all] and [LoopFuture#any].
final class Combined<T extends @Nullable Object> {

    private final IOLoop loop;
    private final List<LoopFuture<? extends T>> parts;
    private final String operation;

    /// The waits for the parts that were not done at the beginning.
    private final List<Wait> waits = new ArrayList<>();

    /// How many parts are not done.
    private int pending;

    /// Whether a part has ended otherwise than by a value.
    private boolean failed;

    /// @param operation the method that the user called, for dumps
    Combined(Collection<? extends LoopFuture<? extends T>> parts, String operation) {
        Objects.requireNonNull(parts, "futures");
        this.parts = List.copyOf(parts);
        this.operation = operation;
        this.loop = loopOf(this.parts, operation);
        this.pending = this.parts.size();
    }

    /// Returns the loop of some futures, which is the current one if there are none.
    ///
    /// @throws IllegalArgumentException if they are not all of one loop
    /// @throws IllegalStateException if that loop runs on another thread
    static IOLoop loopOf(List<? extends LoopFuture<?>> futures, String operation) {
        IOLoop loop = futures.isEmpty() ? IOLoop.current() : futures.getFirst().loop;
        for (LoopFuture<?> future : futures) {
            if (future.loop != loop) {
                throw new IllegalArgumentException(
                        "%s needs futures of one loop, and got some of %s and of %s; hand results"
                                        .formatted(operation, loop, future.loop)
                                + " over with addCallback");
            }
        }
        loop.checkThread(operation);
        return loop;
    }

    LoopFuture<List<T>> all() {
        LoopFuture<List<T>> result = new LoopFuture<>(loop, new Operation(operation, this::giveUp));
        if (parts.isEmpty()) {
            result.complete(new ArrayList<>());
        }
        for (LoopFuture<? extends T> part : parts) {
            whenEnded(
                    part,
                    result,
                    () -> {
                        pending--;
                        if (pending == 0) {
                            completeWithAll(result);
                        }
                    });
        }
        return result;
    }

    private void completeWithAll(LoopFuture<List<T>> result) {
        List<T> values = new ArrayList<>(parts.size());
        for (LoopFuture<? extends T> part : parts) {
            if (part.state() != Future.State.SUCCESS) {
                failures().end(result);
                return;
            }
            values.add(part.resultNow());
        }
        result.complete(values);
    }

    LoopFuture<T> any() {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("any of no futures would never be done");
        }
        LoopFuture<T> result = new LoopFuture<>(loop, new Operation(operation, this::giveUp));
        for (LoopFuture<? extends T> part : parts) {
            if (result.isDone()) {
                break;
            }
            whenEnded(
                    part,
                    result,
                    () -> {
                        pending--;
                        if (part.state() == Future.State.SUCCESS) {
                            result.complete(part.resultNow());
                            leaveTheRest();
                        } else if (pending == 0) {
                            failures().end(result);
                        }
                    });
        }
        return result;
    }

    private void whenEnded(LoopFuture<? extends T> part, LoopFuture<?> result, Runnable work) {
        Wait wait = new Wait(part, result, work);
        if (part.isDone()) {
            part.looked();
            wait.run();
        } else {
            part.addWaiter(wait);
            waits.add(wait);
        }
    }

    /// Returns the failures in the order of the parts.
    private Failures failures() {
        Failures failures = new Failures();
        for (LoopFuture<? extends T> part : parts) {
            if (part.state() != Future.State.SUCCESS) {
                failures.add(part);
            }
        }
        return failures;
    }

    /// Stops waiting for the parts, and lets them go on. A future that lives long, and is a part
    /// again and again, would otherwise collect the waits of all that it was once a part of.
    private void leaveTheRest() {
        waits.forEach(wait -> wait.part.leave(wait));
    }

    /// Stops waiting for the parts, and cancels those for which nobody else waits.
    private void giveUp() {
        waits.forEach(wait -> wait.part.forget(wait));
    }

    /// The step that runs when a part ends.
    private final class Wait extends Step {

        private final LoopFuture<?> part;
        private final LoopFuture<?> result;
        private final Runnable work;

        Wait(LoopFuture<?> part, LoopFuture<?> result, Runnable work) {
            super(Context.EMPTY);
            this.part = part;
            this.result = result;
            this.work = work;
        }

        /// Returns whether no part has failed so far: a value is the loop's own affair, but a
        /// failure may have to be built, by user code ([LoopFuture#failWith]).
        @Override
        boolean isBare() {
            return !failed && part.state() == Future.State.SUCCESS;
        }

        @Override
        void run() {
            failed |= part.state() != Future.State.SUCCESS;
            try {
                work.run();
            } catch (Throwable e) {
                // There is no memory for the outcome, say. Who waits for it must hear of its end.
                result.fail(e);
            }
        }

        @Override
        public String toString() {
            return operation;
        }
    }
}
