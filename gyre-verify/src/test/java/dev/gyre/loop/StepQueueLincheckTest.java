package dev.gyre.loop;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/// Whatever threads do with the queue at once has the outcome of some order of these calls, one
/// after the other: no step is lost, doubled or overtaken, and no wake-up is missing.
public class StepQueueLincheckTest {

    private final StepQueue queue = new StepQueue();

    /// Any thread.
    @Operation
    public boolean add(@Param(gen = IntGen.class) int number) {
        return queue.add(new Numbered(number));
    }

    /// Any thread.
    @Operation
    public boolean wake() {
        return queue.wake();
    }

    @Operation(nonParallelGroup = "loop")
    public boolean sleep() {
        return queue.sleep();
    }

    @Operation(nonParallelGroup = "loop")
    public List<Integer> drain() {
        StepList steps = new StepList();
        queue.drainTo(steps);
        List<Integer> numbers = new ArrayList<>();
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            numbers.add(((Numbered) step).number);
        }
        return numbers;
    }

    @Operation(nonParallelGroup = "loop")
    public boolean close() {
        queue.close();
        return queue.isClosed();
    }

    @Test
    void everyInterleavingIsLikeSomeOrder() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(3)
                .iterations(15)
                .invocationsPerIteration(500)
                .check(StepQueueLincheckTest.class);
    }

    @Test
    void threadsThatRaceAreLikeSomeOrder() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(4)
                .iterations(20)
                .invocationsPerIteration(2000)
                .check(StepQueueLincheckTest.class);
    }

    private static final class Numbered extends Step {

        private final int number;

        Numbered(int number) {
            super(Context.EMPTY);
            this.number = number;
        }

        @Override
        void run() {
            throw new IllegalStateException("steps of this test are not run");
        }
    }
}
