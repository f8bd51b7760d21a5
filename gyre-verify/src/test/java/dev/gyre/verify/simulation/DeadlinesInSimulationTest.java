package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future.State;

/// Waits that are ended by a value, by one of several nested deadlines, or by a cancellation, at
/// moments of which many fall together.
class DeadlinesInSimulationTest {

    private static final long MILLISECOND = 1_000_000;

    /// A moment so late that it never comes.
    private static final int NEVER = 1_000_000;

    /// Why a wait has ended.
    private enum End {
        VALUE,
        DEADLINE,
        CANCELLATION
    }

    /// A block around a wait.
    ///
    /// @param isShield whether it keeps out what lies beyond it
    /// @param over the millisecond at which it is over
    private record Block(boolean isShield, int over) {}

    /// What happens to a task that waits once, within blocks.
    ///
    /// @param blocks from the outermost to the innermost
    /// @param value the millisecond at which what it waits for has a value
    /// @param cancelled the one at which the task is cancelled
    private record Plan(List<Block> blocks, int value, int cancelled) {

        static Plan draw(Random random) {
            List<Block> blocks = new ArrayList<>();
            int count = random.nextInt(5);
            for (int i = 0; i < count; i++) {
                blocks.add(new Block(random.nextInt(3) == 0, 1 + random.nextInt(12)));
            }
            return new Plan(blocks, moment(random), moment(random));
        }

        private static int moment(Random random) {
            return random.nextInt(3) == 0 ? NEVER : 1 + random.nextInt(12);
        }

        /// Returns whether something ends the wait at that moment that is no value: looked at from
        /// inside, as far as the first shield that is not over.
        boolean isInterrupted(int now) {
            for (Block each : blocks.reversed()) {
                if (each.over <= now) {
                    return true;
                }
                if (each.isShield) {
                    return false;
                }
            }
            return cancelled <= now;
        }

        /// Returns when the wait ends; all end within a few milliseconds but those that never do.
        int end() {
            for (int now = 0; now < 20; now++) {
                if (value <= now || isInterrupted(now)) {
                    return now;
                }
            }
            return NEVER;
        }

        /// Returns whether it may end like this: at the very moment of a value either may be first.
        boolean permits(End end) {
            int now = end();
            return switch (end) {
                case VALUE -> value == now;
                case DEADLINE -> isInterrupted(now) && !outermostIsCancellation(now);
                case CANCELLATION -> outermostIsCancellation(now);
            };
        }

        private boolean outermostIsCancellation(int now) {
            for (Block each : blocks.reversed()) {
                if (each.isShield && each.over > now) {
                    return false;
                }
            }
            return cancelled <= now;
        }
    }

    @SimTest(seeds = 100)
    void aWaitEndsWithWhateverComesFirst(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        List<Waiting> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(new Waiting(host.loop(), Plan.draw(random)));
        }
        host.run(() -> {
            all.forEach(Waiting::begin);
            return true;
        });

        simulation.advance(Duration.ofSeconds(1));

        all.forEach(Waiting::check);
        host.run(() -> {
            all.forEach(Waiting::release);
            return true;
        });
    }

    /// A task with a plan, and what became of it.
    private static final class Waiting {

        private final IOLoop loop;
        private final Plan plan;
        private final LoopFuture<String> awaited;

        /// How often what it awaits was cancelled by nobody but its waiter.
        private int stopped;

        /// Whether the value came in time.
        private boolean isTaken;

        private Task<End> task;
        private long begun;
        private End end;
        private long ended;

        Waiting(IOLoop loop, Plan plan) {
            this.loop = loop;
            this.plan = plan;
            awaited = new LoopFuture<>(loop, () -> stopped++);
        }

        /// The value, the cancellation and the deadlines are due in no particular order.
        void begin() {
            begun = loop.time();
            boolean isValueFirst = plan.value % 2 == 0;
            if (isValueFirst) {
                giveValueInTime();
            }
            task = loop.spawn(() -> waitWithin(0));
            task.observe();
            if (plan.cancelled < NEVER) {
                loop.callLater(Duration.ofMillis(plan.cancelled), task::cancel);
            }
            if (!isValueFirst) {
                giveValueInTime();
            }
        }

        private void giveValueInTime() {
            if (plan.value < NEVER) {
                loop.callLater(
                        Duration.ofMillis(plan.value), () -> isTaken = awaited.complete("value"));
            }
        }

        private End waitWithin(int depth) throws Exception {
            if (depth == plan.blocks.size()) {
                return waitForIt();
            }
            Block block = plan.blocks.get(depth);
            Duration limit = Duration.ofMillis(block.over);
            try {
                return block.isShield
                        ? Task.shielded(limit, () -> waitWithin(depth + 1))
                        : Task.withDeadline(limit, () -> waitWithin(depth + 1));
            } finally {
                assertThat(loop.time()).isEqualTo(ended);
            }
        }

        private End waitForIt() {
            try {
                assertThat(awaited.await()).isEqualTo("value");
                end = End.VALUE;
            } catch (DeadlineExceededException e) {
                end = End.DEADLINE;
            } catch (CancellationException e) {
                end = End.CANCELLATION;
            }
            ended = loop.time();
            return end;
        }

        void check() {
            int expected = plan.end();
            if (expected == NEVER) {
                assertThat(task.isDone()).as("%s", plan).isFalse();
                return;
            }
            assertThat(ended - begun).as("%s, %s", plan, end).isEqualTo(expected * MILLISECOND);
            assertThat(plan.permits(end)).as("%s ends with %s", plan, end).isTrue();
            // Nothing that was given is lost, and nothing is stopped that was not given up.
            assertThat(isTaken).as("%s, %s", plan, end).isEqualTo(end == End.VALUE);
            assertThat(stopped).as("%s, %s", plan, end).isEqualTo(end == End.VALUE ? 0 : 1);
            assertThat(task.state()).isEqualTo(State.SUCCESS);
        }

        /// Ends what would wait for ever.
        void release() {
            task.cancel();
            awaited.cancel();
        }
    }

    /// Who goes on after an inner deadline does so until the outer one has passed, and no longer.
    @SimTest(seeds = 100)
    void afterADeadlineThoseAroundItStillHold(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        for (int i = 0; i < 10; i++) {
            int outer = 1 + random.nextInt(30);
            int inner = 1 + random.nextInt(10);
            int sleeps = 1 + random.nextInt(6);
            host.run(() -> {
                sleepAgainAndAgain(outer, inner, sleeps);
                return true;
            });
        }
    }

    /// Waits some times for what never comes, and goes on whatever ends that.
    private static void sleepAgainAndAgain(int outer, int inner, int sleeps) {
        IOLoop loop = IOLoop.current();
        long begun = loop.time();
        int woken =
                Task.withDeadline(
                        Duration.ofMillis(outer),
                        () -> {
                            int count = 0;
                            for (int i = 0; i < sleeps; i++) {
                                try {
                                    new LoopFuture<>(loop).await(Duration.ofMillis(inner));
                                } catch (DeadlineExceededException e) {
                                    count++;
                                }
                            }
                            return count;
                        });

        long end = Math.min(outer, inner * sleeps);
        assertThat(loop.time() - begun).isEqualTo(end * MILLISECOND);
        assertThat(woken).isEqualTo(sleeps);
    }
}
