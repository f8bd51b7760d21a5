package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future.State;

/// Scopes in scopes, whose children fail, clean up, and spawn others at any moment, also when the
/// scope has failed.
class ScopesInSimulationTest {

    private static final int DEPTH_MAX = 3;

    /// What a child fails with.
    private static final class Planned extends RuntimeException {

        private static final long serialVersionUID = 1;

        Planned(String message) {
            super(message);
        }
    }

    private static Duration moment(Random random) {
        return Duration.ofMillis(random.nextInt(6));
    }

    @SimTest(seeds = 100)
    void noChildOutlivesItsScopeAndAllHearOfAFailureAtOnce(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        World world = new World(random, new ArrayList<>(), new ArrayList<>());
        simulation.checkAlways(world::check);
        for (int i = 0; i < 3; i++) {
            Task<Boolean> task = host.start(() -> new Family(world, 0).run());
            if (random.nextInt(3) == 0) {
                Duration wait = moment(random);
                host.start(() -> {
                    Task.sleep(wait);
                    return task.cancel();
                });
            }
        }

        simulation.run();

        assertThat(world.families).allMatch(family -> family.isOver);
        assertThat(host.loop().tasks()).isEmpty();
    }

    /// What all scopes of a simulation share.
    ///
    /// @param wrong what went wrong in tasks, where a scope would make a failure of an assertion
    private record World(Random random, List<Family> families, List<String> wrong) {

        void check() {
            assertThat(wrong).isEmpty();
            families.forEach(Family::check);
        }

        void require(boolean holds, String rule) {
            if (!holds) {
                wrong.add(rule);
            }
        }
    }

    /// A scope, and what is known of it.
    private static final class Family {

        private final World world;
        private final Random random;
        private final int depth;
        private final IOLoop loop = IOLoop.current();
        private final List<Child> children = new ArrayList<>();

        /// What has failed it first; null as long as nothing has.
        private Throwable failure;

        private boolean isOver;

        Family(World world, int depth) {
            this.world = world;
            this.depth = depth;
            random = world.random;
            world.families.add(this);
        }

        /// Runs the scope, and looks at how it ends.
        boolean run() {
            TaskScope[] own = {null};
            try {
                TaskScope.call(scope -> {
                    own[0] = scope;
                    return body(scope);
                });
                world.require(failure == null, "a failure was not thrown");
            } catch (Planned e) {
                world.require(e == failure, "another failure was thrown than the first");
                for (Child each : children) {
                    boolean isTold = each.failure == e || isSuppressed(e, each.failure);
                    world.require(each.failure == null || isTold, "a failure was not told");
                }
            } finally {
                isOver = true;
                world.require(children.stream().allMatch(Child::isOver), "a child lives on");
                refusesAnother(own[0]);
            }
            return true;
        }

        private static boolean isSuppressed(Throwable by, Throwable one) {
            return Arrays.asList(by.getSuppressed()).contains(one);
        }

        private void refusesAnother(TaskScope scope) {
            try {
                scope.spawn("another", () -> true);
                world.require(false, "a scope that is over has spawned a child");
            } catch (IllegalStateException e) {
                // The scope fails, as it must.
            }
        }

        private boolean body(TaskScope scope) {
            int count = random.nextInt(5);
            for (int i = 0; i < count; i++) {
                spawn(scope);
                if (random.nextBoolean()) {
                    Task.sleep(moment(random));
                }
            }
            if (random.nextInt(6) == 0) {
                throw failed(new Planned("the body"));
            }
            return true;
        }

        private void spawn(TaskScope scope) {
            Child child = new Child(this, scope);
            child.isLate = failure != null;
            children.add(child);
            child.task = scope.spawn("child", child::run);
            world.require(
                    !child.isLate || child.task.state() == State.CANCELLED,
                    "a child that came too late was not cancelled");
        }

        Planned failed(Planned cause) {
            if (failure == null) {
                failure = cause;
            }
            return cause;
        }

        /// Nobody sleeps on in a scope that has failed, unless it is shielded.
        void check() {
            if (isOver) {
                assertThat(children).allMatch(Child::isOver);
            }
            if (failure != null && loop.isIdle()) {
                assertThat(children).noneMatch(each -> each.sleeps && !each.isOver());
            }
        }
    }

    /// A task in a scope.
    private static final class Child {

        private final Family family;
        private final TaskScope scope;
        private Task<Boolean> task;

        /// Whether its scope had failed when it was spawned.
        private boolean isLate;

        /// Whether it is in a sleep that the failure of its scope must end.
        private boolean sleeps;

        private Planned failure;

        Child(Family family, TaskScope scope) {
            this.family = family;
            this.scope = scope;
        }

        boolean isOver() {
            return task.isDone();
        }

        private boolean run() {
            family.world.require(!isLate, "a child that came too late has begun");
            Random random = family.random;
            try {
                live(random);
                return true;
            } catch (Planned e) {
                // The scope hears of it now, and not before the clean-up.
                failure = family.failed(e);
                throw e;
            }
        }

        private void live(Random random) {
            try {
                sleep(random);
                if (random.nextInt(4) == 0) {
                    throw new Planned("a child");
                }
                if (random.nextInt(3) == 0 && family.depth < DEPTH_MAX) {
                    new Family(family.world, family.depth + 1).run();
                }
                if (random.nextInt(3) == 0) {
                    family.spawn(scope);
                }
                sleep(random);
            } finally {
                cleanUp(random);
            }
        }

        private void sleep(Random random) {
            sleeps = true;
            try {
                Task.sleep(moment(random));
            } finally {
                sleeps = false;
            }
        }

        /// Cleans up behind a shield, which takes time, and spawns tasks in spite of the failure.
        private void cleanUp(Random random) {
            if (random.nextInt(3) == 0) {
                Task.shielded(
                        Duration.ofMillis(20),
                        () -> {
                            Task.sleep(moment(random));
                            return true;
                        });
            }
            if (random.nextInt(3) == 0) {
                family.spawn(scope);
            }
        }
    }

    /// A race ends when its first runner does, and a deadline around it ends all of them.
    @SimTest(seeds = 100)
    void aRaceIsOverWithTheFirstAndNobodyRunsOn(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        int[] times = {1 + random.nextInt(8), 1 + random.nextInt(8), 1 + random.nextInt(8)};
        int[] failing = {random.nextInt(3), random.nextInt(3), random.nextInt(3)};
        int limit = 1 + random.nextInt(10);
        Duration begun = simulation.elapsed();

        Integer winner = host.run(() -> raceWithin(limit, times, failing));

        int first = Integer.MAX_VALUE;
        int last = 0;
        for (int i = 0; i < times.length; i++) {
            first = failing[i] > 0 ? Math.min(first, times[i]) : first;
            last = Math.max(last, times[i]);
        }
        int end = Math.min(limit, Math.min(first, last));
        assertThat(simulation.elapsed().minus(begun)).isEqualTo(Duration.ofMillis(end));
        if (winner >= 0) {
            assertThat(times[winner]).isEqualTo(first).isEqualTo(end);
        } else {
            assertThat(end == limit || first == Integer.MAX_VALUE).isTrue();
        }
        assertThat(host.loop().tasks()).isEmpty();
        assertThat(host.loop().metrics().timers()).isZero();
    }

    private static int raceWithin(int limit, int[] times, int[] failing) {
        try {
            return Task.withDeadline(
                    Duration.ofMillis(limit),
                    () ->
                            TaskScope.race(
                                    () -> runner(0, times, failing),
                                    () -> runner(1, times, failing),
                                    () -> runner(2, times, failing)));
        } catch (DeadlineExceededException | Planned e) {
            return -1;
        }
    }

    private static int runner(int number, int[] times, int[] failing) {
        Task.sleep(Duration.ofMillis(times[number]));
        if (failing[number] == 0) {
            throw new Planned("runner " + number);
        }
        return number;
    }
}
