package dev.gyre.loop;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whatever threads do to the queue of callbacks at once, each sees what some order of the calls
/// one after the other gives: also who has to wake the loop. It is in this package since the queue
/// is.
@Tag("lincheck")
final class StepQueueLincheckTest {

    private static final String LOOP = "the loop";

    /// The queue, and the list into which the loop's own thread drains it.
    public static final class Calls {

        private final StepQueue queue = new StepQueue();

        @Operation
        public boolean add(@Param(gen = IntGen.class, conf = "1:9") int number) {
            return queue.add(new Numbered(number));
        }

        @Operation
        public boolean wake() {
            return queue.wake();
        }

        @Operation(nonParallelGroup = LOOP)
        public boolean sleep() {
            return queue.sleep();
        }

        @Operation(nonParallelGroup = LOOP)
        public String drain() {
            StepList steps = new StepList();
            queue.drainTo(steps);
            StringBuilder drained = new StringBuilder();
            for (Step step = steps.poll(); step != null; step = steps.poll()) {
                drained.append(step).append(' ');
            }
            return drained.toString();
        }

        @Operation
        public void close() {
            queue.close(new StepList());
        }

        @Operation
        public boolean isClosed() {
            return queue.isClosed();
        }
    }

    private static final class Numbered extends Step {

        private final int number;

        Numbered(int number) {
            super(Context.EMPTY);
            this.number = number;
        }

        @Override
        void run() {}

        @Override
        public String toString() {
            return Integer.toString(number);
        }
    }

    /// Twenty scenarios of two or three threads, a thousand interleavings of each.
    @Test
    void everyInterleavingIsSomeOrderOfTheCalls() {
        new ModelCheckingOptions()
                .iterations(20)
                .invocationsPerIteration(1000)
                .threads(3)
                .actorsPerThread(3)
                .check(Calls.class);
    }
}
