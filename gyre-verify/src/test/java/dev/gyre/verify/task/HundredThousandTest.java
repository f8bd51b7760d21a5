package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// As many coroutines as a large server has connections, suspended at the same time.
class HundredThousandTest {

    private static final int COROUTINES = 100_000;

    /// For what need not be shown at full size, since the baton is slow.
    private static final int FEWER = 20_000;

    private final int[] order = new int[COROUTINES];
    private int resumed;

    private static int[] ascending(int count) {
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> i);
        return numbers;
    }

    @GyreTest
    void allWaitAtOnceAndGoOnInTheOrderInWhichTheyCame(TestLoop test) {
        LoopFuture<String> gate = new LoopFuture<>(test.loop());
        for (int i = 0; i < COROUTINES; i++) {
            int number = i;
            test.loop()
                    .spawn(
                            "waiter",
                            () -> {
                                gate.await();
                                order[resumed++] = number;
                                return number;
                            });
        }
        test.runUntilIdle();
        assertThat(test.loop().tasks()).hasSize(COROUTINES);
        assertThat(resumed).isZero();

        gate.complete("open");
        test.runUntilIdle();

        assertThat(order).isEqualTo(ascending(COROUTINES));
        assertThat(test.loop().tasks()).isEmpty();
    }

    @GyreTest
    void eachWithItsOwnFutureGoesOnInTheOrderOfTheCompletions(TestLoop test) {
        List<LoopFuture<Integer>> gates = new ArrayList<>(FEWER);
        for (int i = 0; i < FEWER; i++) {
            LoopFuture<Integer> gate = new LoopFuture<>(test.loop());
            gates.add(gate);
            test.loop()
                    .spawn(
                            "waiter",
                            () -> {
                                int number = gate.await();
                                order[resumed++] = number;
                                return number;
                            });
        }
        test.runUntilIdle();

        for (int i = 0; i < FEWER; i++) {
            gates.get(FEWER - 1 - i).complete(i);
        }
        test.runUntilIdle();

        assertThat(order).startsWith(ascending(FEWER));
    }

    @GyreTest
    void allOfThemCanBeCancelled(TestLoop test) {
        List<Task<String>> tasks = new ArrayList<>(FEWER);
        for (int i = 0; i < FEWER; i++) {
            tasks.add(
                    test.loop().spawn("waiter", () -> new LoopFuture<String>(test.loop()).await()));
        }
        test.runUntilIdle();

        tasks.forEach(Task::cancel);
        test.runUntilIdle();

        assertThat(tasks).allMatch(Task::isDone);
        assertThat(test.loop().tasks()).isEmpty();
    }
}
