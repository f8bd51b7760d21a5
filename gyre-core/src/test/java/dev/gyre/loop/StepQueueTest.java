package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StepQueueTest {

    private static final int OPERATIONS = 20_000;

    private final StepQueue queue = new StepQueue();

    private static Step step() {
        return new CallbackStep(Context.EMPTY, () -> {}, "callback");
    }

    private List<Step> drain() {
        StepList steps = new StepList();
        queue.drainTo(steps);
        List<Step> drained = new ArrayList<>();
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            drained.add(step);
        }
        return drained;
    }

    private List<Step> add(int count) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(step());
            queue.add(steps.getLast());
        }
        return steps;
    }

    @Test
    void stepsComeOutInTheOrderInWhichTheyWentIn() {
        List<Step> steps = add(5);

        assertThat(drain()).isEqualTo(steps);
        assertThat(drain()).isEmpty();
    }

    @Test
    void drainedStepsGoBehindWhatTheListHolds() {
        StepList steps = new StepList();
        Step left = step();
        steps.add(left);
        Step added = step();
        queue.add(added);

        queue.drainTo(steps);

        assertThat(steps.poll()).isSameAs(left);
        assertThat(steps.poll()).isSameAs(added);
        assertThat(steps.poll()).isNull();
    }

    @Test
    void anAwakeLoopIsNotWoken() {
        assertThat(queue.add(step())).isFalse();
        assertThat(queue.wake()).isFalse();
    }

    @Test
    void onlyTheFirstStepAfterFallingAsleepWakesTheLoop() {
        assertThat(queue.sleep()).isTrue();

        assertThat(queue.add(step())).isTrue();
        assertThat(queue.add(step())).isFalse();
        assertThat(queue.wake()).isFalse();
        assertThat(drain()).hasSize(2);
    }

    @Test
    void onlyTheFirstWakeAfterFallingAsleepCounts() {
        queue.sleep();

        assertThat(queue.wake()).isTrue();
        assertThat(queue.wake()).isFalse();
        assertThat(queue.add(step())).isFalse();
    }

    @Test
    void aLoopWithStepsQueuedMayNotSleep() {
        add(1);

        assertThat(queue.sleep()).isFalse();

        drain();
        assertThat(queue.sleep()).isTrue();
    }

    @Test
    void afterADrainTheLoopIsAwakeAlsoIfItWasWokenByNobody() {
        queue.sleep();

        assertThat(drain()).isEmpty();

        assertThat(queue.add(step())).isFalse();
    }

    @Test
    void aClosedQueueDropsStepsAndWakesNobody() {
        queue.sleep();
        add(1);
        queue.close(new StepList());

        assertThat(queue.add(step())).isFalse();
        assertThat(queue.wake()).isFalse();
        assertThat(drain()).isEmpty();
    }

    /// Any mix of operations gives what a plain FIFO and a flag give.
    @Test
    void itBehavesAsAFifoWithAFlagDoes() {
        long seed = Long.getLong("gyre.seed", System.nanoTime());
        System.out.println("StepQueueTest: -Dgyre.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Deque<Step> fifo = new ArrayDeque<>();
        boolean asleep = false;
        for (int i = 0; i < OPERATIONS; i++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    assertThat(drain()).as("seed %d", seed).containsExactlyElementsOf(fifo);
                    fifo.clear();
                    asleep = false;
                }
                case 1 -> {
                    boolean mayBlock = fifo.isEmpty() && !asleep;
                    assertThat(queue.sleep()).as("seed %d", seed).isEqualTo(mayBlock);
                    asleep |= mayBlock;
                }
                case 2 -> {
                    assertThat(queue.wake()).as("seed %d", seed).isEqualTo(asleep);
                    asleep = false;
                }
                default -> {
                    Step step = step();
                    fifo.add(step);
                    assertThat(queue.add(step)).as("seed %d", seed).isEqualTo(asleep);
                    asleep = false;
                }
            }
        }
    }
}
