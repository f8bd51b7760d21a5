package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.sync.LoopCondition;
import dev.gyre.sync.LoopEvent;
import dev.gyre.sync.LoopLock;
import dev.gyre.sync.LoopQueue;
import dev.gyre.sync.LoopSemaphore;
import dev.gyre.sync.Permit;
import dev.gyre.sync.QueueClosedException;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.LoopExtension;
import dev.gyre.testing.TestLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is done where the stack is nearly used up is done, or can be done again: nothing that is
/// granted, and nobody who waits, is lost between the two.
@Timeout(GyreTest.SECONDS_MAX)
@ExtendWith(LoopExtension.class)
class StackEndTest {

    private static final int TRIES = 40;

    private int overflows;

    /// Makes a change in the deepest frame that can, so most often in one that cannot quite. It
    /// must leave what it gets by an assignment: a call after it may overflow as well.
    private void atTheEnd(TestLoop test, Runnable change) {
        test.loop().addCallback(() -> deeper(change));
        test.runUntilIdle();
    }

    @SuppressWarnings("InfiniteRecursion") // That is the point.
    private int deeper(Runnable change) {
        try {
            return deeper(change) + 1;
        } catch (StackOverflowError e) {
            overflows++;
            // Another overflow goes on to the frame above, which tries again.
            change.run();
            return 0;
        }
    }

    private void overflowedAtTimes() {
        assertThat(overflows).isGreaterThan(TRIES);
    }

    @GyreTest
    void aPermitThatComesBackIsGrantedToTheOneWhoWaits(TestLoop test) {
        for (int i = 0; i < TRIES; i++) {
            LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 0);
            LoopFuture<Permit> waiter = semaphore.acquire();

            atTheEnd(test, semaphore::release);

            assertThat(waiter.isDone()).as("after %d tries", i).isTrue();
            assertThat(waiter.resultNow()).isNotNull();
            assertThat(semaphore.available()).isZero();
        }
        overflowedAtTimes();
    }

    @GyreTest
    void aLockThatIsReleasedGoesToTheOneWhoWaits(TestLoop test) {
        for (int i = 0; i < TRIES; i++) {
            LoopLock lock = new LoopLock(test.loop());
            Permit first = lock.acquire().resultNow();
            LoopFuture<Permit> waiter = lock.acquire();

            atTheEnd(test, first::close);

            assertThat(waiter.isDone()).as("after %d tries", i).isTrue();
            waiter.resultNow().close();
            assertThat(lock.isLocked()).isFalse();
        }
        overflowedAtTimes();
    }

    @GyreTest
    void anEventThatIsSetWakesAllWhoWait(TestLoop test) {
        for (int i = 0; i < TRIES; i++) {
            LoopEvent event = new LoopEvent(test.loop());
            List<LoopFuture<Void>> waiters = new ArrayList<>();
            for (int waiter = 0; waiter < 3; waiter++) {
                waiters.add(event.whenSet());
            }

            atTheEnd(test, event::set);

            assertThat(waiters).as("after %d tries", i).allMatch(LoopFuture::isDone);
        }
        overflowedAtTimes();
    }

    @GyreTest
    void aSignalWakesOneOfThoseWhoWait(TestLoop test) {
        for (int i = 0; i < TRIES; i++) {
            LoopCondition condition = new LoopCondition(test.loop());
            LoopFuture<Void> first = condition.whenSignalled();
            LoopFuture<Void> second = condition.whenSignalled();

            atTheEnd(test, condition::signal);

            assertThat(first.isDone()).as("after %d tries", i).isTrue();
            assertThat(second.isDone()).isFalse();
        }
        overflowedAtTimes();
    }

    /// The queues that there are.
    enum Order {
        FIFO(test -> LoopQueue.fifo(test.loop(), LoopQueue.UNBOUNDED)),
        LIFO(test -> LoopQueue.lifo(test.loop(), LoopQueue.UNBOUNDED)),
        PRIORITY(test ->
                LoopQueue.priority(test.loop(), LoopQueue.UNBOUNDED, Comparator.naturalOrder()));

        @SuppressWarnings("ImmutableEnumChecker") // They are lambdas without a state.
        private final Function<TestLoop, LoopQueue<Integer>> made;

        Order(Function<TestLoop, LoopQueue<Integer>> made) {
            this.made = made;
        }

        LoopQueue<Integer> queue(TestLoop test) {
            return made.apply(test);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anItemThatIsPutReachesTheOneWhoWaitsForIt(Order order, TestLoop test) {
        for (int i = 0; i < TRIES; i++) {
            LoopQueue<Integer> queue = order.queue(test);
            LoopFuture<Integer> taker = queue.take();

            atTheEnd(test, () -> queue.tryPut(7));

            assertThat(taker.isDone()).as("after %d tries", i).isTrue();
            assertThat(taker.resultNow()).isEqualTo(7);
            assertThat(queue.isEmpty()).isTrue();
            queue.taskDone();
            assertThat(queue.join().isDone()).isTrue();
        }
        overflowedAtTimes();
    }

    @ParameterizedTest
    @EnumSource
    void anItemThatIsPutIsThereWithAllTheOthers(Order order, TestLoop test) {
        for (int i = 0; i < TRIES; i++) {
            LoopQueue<Integer> queue = order.queue(test);
            int others = i % 20;
            for (int item = 0; item < others; item++) {
                queue.tryPut(item);
            }

            atTheEnd(test, () -> queue.tryPut(100));

            assertThat(sorted(drain(queue))).as("after %d tries", i).isEqualTo(upTo(others, 100));
        }
        overflowedAtTimes();
    }

    @ParameterizedTest
    @EnumSource
    void anItemThatIsTakenIsTakenOnceAndNoOtherIsLost(Order order, TestLoop test) {
        for (int i = 0; i < TRIES; i++) {
            LoopQueue<Integer> queue = order.queue(test);
            int others = i % 20;
            for (int item = 0; item < others; item++) {
                queue.tryPut(item);
            }
            queue.tryPut(100);
            Object[] taken = {null};

            atTheEnd(test, () -> taken[0] = queue.take());

            List<Integer> all = drain(queue);
            all.add((Integer) ((LoopFuture<?>) taken[0]).resultNow());
            assertThat(sorted(all)).as("after %d tries", i).isEqualTo(upTo(others, 100));
        }
        overflowedAtTimes();
    }

    @GyreTest
    void whoWaitsToPutComesInWithHisItem(TestLoop test) {
        for (int i = 0; i < TRIES; i++) {
            LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
            queue.put("first");
            LoopFuture<Void> putter = queue.put("second");
            String[] taken = {null};

            atTheEnd(test, () -> taken[0] = queue.tryTake());

            assertThat(taken[0]).as("after %d tries", i).isEqualTo("first");
            assertThat(putter.isDone()).isTrue();
            assertThat(putter.resultNow()).isNull();
            assertThat(queue.tryTake()).isEqualTo("second");
            assertThat(queue.isEmpty()).isTrue();
        }
        overflowedAtTimes();
    }

    @GyreTest
    void whoJoinsHearsOfTheLastTaskThatIsDone(TestLoop test) {
        for (int i = 0; i < TRIES; i++) {
            LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
            queue.put("item");
            queue.tryTake();
            List<LoopFuture<Void>> joiners = List.of(queue.join(), queue.join());

            atTheEnd(test, queue::taskDone);

            assertThat(joiners).as("after %d tries", i).allMatch(LoopFuture::isDone);
            assertThat(queue.join().isDone()).isTrue();
        }
        overflowedAtTimes();
    }

    @GyreTest
    void whoWaitsToTakeHearsOfTheClose(TestLoop test) {
        for (int i = 0; i < TRIES; i++) {
            LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
            List<LoopFuture<String>> takers = List.of(queue.take(), queue.take());

            atTheEnd(test, queue::close);

            assertThat(takers).as("after %d tries", i).allMatch(LoopFuture::isDone);
            assertThat(takers)
                    .allSatisfy(taker ->
                            assertThat(taker.exceptionNow())
                                    .isInstanceOf(QueueClosedException.class));
        }
        overflowedAtTimes();
    }

    private static List<Integer> drain(LoopQueue<Integer> queue) {
        List<Integer> drained = new ArrayList<>();
        for (Integer item = queue.tryTake(); item != null; item = queue.tryTake()) {
            drained.add(item);
        }
        return drained;
    }

    private static List<Integer> sorted(List<Integer> items) {
        List<Integer> sorted = new ArrayList<>(items);
        Collections.sort(sorted);
        return sorted;
    }

    private static List<Integer> upTo(int others, int last) {
        List<Integer> items = new ArrayList<>();
        for (int item = 0; item < others; item++) {
            items.add(item);
        }
        items.add(last);
        return items;
    }
}
