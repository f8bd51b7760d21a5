package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.ContextVar;
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

/// Callbacks, timers, hooks, tasks and listeners that schedule each other: each runs in its turn
/// and its place of the turn, once, with the context of the moment in which it was scheduled.
class StepsInSimulationTest {

    private static final int STEPS_MAX = 300;

    private static final ContextVar<Integer> MARK = ContextVar.withDefault(-1);

    /// The places of a turn, in their order.
    private enum Place {
        CALLBACKS,
        TIMERS,
        HOOKS
    }

    @SimTest(seeds = 100)
    void eachRunsInItsTurnAndItsPlaceWithItsContext(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        Program program = new Program(host.loop(), random);
        simulation.checkAlways(program::check);
        host.run(() -> {
            for (int i = 0; i < 5; i++) {
                MARK.set(1000 + i);
                program.schedule(Place.CALLBACKS);
            }
            return true;
        });

        simulation.run();

        assertThat(program.pending).isEmpty();
    }

    /// A step that was scheduled.
    ///
    /// @param turn the first in which it may run; that in which it must, unless it is a timer
    private record Planned(int number, Place place, long turn, int mark) {}

    private static final class Program {

        private final IOLoop loop;
        private final Random random;
        private final List<Planned> pending = new ArrayList<>();
        private final List<String> wrong = new ArrayList<>();

        /// Where the step that ran last stood.
        private long turn;

        private Place place = Place.CALLBACKS;

        /// The last of those that run as they were scheduled.
        private int lastCallback = -1;

        private int lastHook = -1;
        private int made;

        Program(IOLoop loop, Random random) {
            this.loop = loop;
            this.random = random;
        }

        void check() {
            assertThat(wrong).isEmpty();
            if (loop.isIdle()) {
                assertThat(pending).allMatch(step -> step.place == Place.TIMERS);
            }
        }

        /// @param here the place of the step that schedules
        void schedule(Place here) {
            if (made >= STEPS_MAX) {
                return;
            }
            long now = loop.metrics().turns();
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    Planned step = plan(Place.CALLBACKS, now + 1);
                    loop.addCallback(() -> run(step));
                }
                case 2 -> {
                    Planned step = plan(Place.TIMERS, now + 1);
                    loop.callLater(Duration.ofMillis(random.nextInt(3)), () -> run(step));
                }
                case 3 -> {
                    Planned step = plan(Place.HOOKS, here == Place.HOOKS ? now + 1 : now);
                    loop.beforePoll(() -> run(step));
                }
                case 4 -> {
                    Planned step = plan(Place.CALLBACKS, now + 1);
                    loop.spawn(() -> runAsTask(step));
                }
                default -> {
                    Planned step = plan(Place.CALLBACKS, now + 1);
                    LoopFuture<Boolean> done = LoopFuture.completed(loop, true);
                    done.onDone(value -> run(step), failure -> {});
                }
            }
        }

        private Planned plan(Place where, long when) {
            Planned step = new Planned(made++, where, when, MARK.get());
            pending.add(step);
            return step;
        }

        private boolean runAsTask(Planned step) {
            run(step);
            int mark = MARK.get();
            long begun = loop.metrics().turns();
            Task.pause();
            require(loop.metrics().turns() == begun + 1, step, "paused for more than a turn");
            Task.sleep(Duration.ofMillis(random.nextInt(3)));
            require(MARK.get() == mark, step, "lost its context");
            return true;
        }

        private void run(Planned step) {
            require(pending.remove(step), step, "ran twice");
            require(MARK.get() == step.mark, step, "has the context of another");
            long now = loop.metrics().turns();
            boolean isInTurn = step.place == Place.TIMERS ? now >= step.turn : now == step.turn;
            require(isInTurn, step, "ran in turn " + now);
            boolean isInPlace = now > turn || step.place.compareTo(place) >= 0;
            require(isInPlace, step, "ran after the " + place);
            turn = now;
            place = step.place;
            inOrder(step);
            MARK.set(step.number);
            for (int i = random.nextInt(3); i > 0; i--) {
                schedule(step.place);
            }
        }

        private void inOrder(Planned step) {
            if (step.place == Place.CALLBACKS) {
                require(step.number > lastCallback, step, "was overtaken");
                lastCallback = step.number;
            } else if (step.place == Place.HOOKS) {
                require(step.number > lastHook, step, "was overtaken");
                lastHook = step.number;
            }
        }

        private void require(boolean holds, Planned step, String rule) {
            if (!holds) {
                wrong.add(step + " " + rule);
            }
        }
    }
}
