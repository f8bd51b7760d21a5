package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopQueue;
import dev.gyre.testing.LoopExtension;
import dev.gyre.testing.TestLoop;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Waiting for the work on all items, which is the same for every order of the items.
@ExtendWith(LoopExtension.class)
class QueueJoinTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    enum Order {
        FIFO {
            @Override
            LoopQueue<Integer> make(IOLoop loop, int sizeMax) {
                return LoopQueue.fifo(loop, sizeMax);
            }
        },
        LIFO {
            @Override
            LoopQueue<Integer> make(IOLoop loop, int sizeMax) {
                return LoopQueue.lifo(loop, sizeMax);
            }
        },
        PRIORITY {
            @Override
            LoopQueue<Integer> make(IOLoop loop, int sizeMax) {
                return LoopQueue.priority(loop, sizeMax, Comparator.<Integer>naturalOrder());
            }
        };

        abstract LoopQueue<Integer> make(IOLoop loop, int sizeMax);
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyQueueIsJoinedAtOnceAndAgain(Order order, TestLoop test) {
        LoopQueue<Integer> queue = order.make(test.loop(), 1);

        assertThat(queue.join().isDone()).isTrue();
        assertThat(queue.join().isDone()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void moreTasksThanItemsCannotBeDone(Order order, TestLoop test) {
        LoopQueue<Integer> queue = order.make(test.loop(), 1);
        assertThatIllegalStateException().isThrownBy(queue::taskDone);
        queue.put(1);
        queue.taskDone();

        assertThatIllegalStateException().isThrownBy(queue::taskDone);
    }

    @ParameterizedTest
    @EnumSource
    void takingIsNotDoing(Order order, TestLoop test) {
        LoopQueue<Integer> queue = order.make(test.loop(), 2);
        queue.put(1);
        queue.put(2);
        LoopFuture<Void> join = queue.join();
        queue.tryTake();
        queue.tryTake();
        assertThat(join.isDone()).isFalse();

        queue.taskDone();
        assertThat(join.isDone()).isFalse();
        queue.taskDone();

        assertThat(join.isDone()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anItemHandedToAWaitingTakerCountsToo(Order order, TestLoop test) {
        LoopQueue<Integer> queue = order.make(test.loop(), 1);
        queue.take();
        queue.put(1);

        LoopFuture<Void> join = queue.join();
        assertThat(join.isDone()).isFalse();
        queue.taskDone();

        assertThat(join.isDone()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anItemThatStillWaitsToGetInDoesNotCount(Order order, TestLoop test) {
        LoopQueue<Integer> queue = order.make(test.loop(), 1);
        queue.put(1);
        LoopFuture<Void> putter = queue.put(2);
        LoopFuture<Void> join = queue.join();

        queue.taskDone();

        assertThat(join.isDone()).isTrue();
        assertThat(putter.isDone()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void twoWorkersDoAHundredItems(Order order, TestLoop test) {
        LoopQueue<Integer> queue = order.make(test.loop(), 5);
        Crew crew = new Crew(test);
        int[] sum = {0};
        for (int i = 0; i < 2; i++) {
            crew.spawn(
                    "worker",
                    () -> {
                        while (true) {
                            sum[0] += queue.take().await();
                            Task.sleep(Duration.ofMillis(1));
                            queue.taskDone();
                        }
                    });
        }
        Task<Void> producer =
                crew.spawn(
                        "producer",
                        () -> {
                            for (int i = 0; i < 100; i++) {
                                queue.put(i).await();
                            }
                            queue.join().await();
                        });

        test.advance(Duration.ofMillis(49));
        assertThat(producer.isDone()).isFalse();
        test.advance(Duration.ofMillis(2));

        assertThat(producer.isDone()).isTrue();
        assertThat(sum[0]).isEqualTo(IntStream.range(0, 100).sum());
        test.loop().tasks().forEach(Task::cancel);
        test.runUntilIdle();
    }

    @ParameterizedTest
    @EnumSource
    void aJoinThatTakesTooLongThrowsAndAnotherWorks(Order order, TestLoop test) {
        LoopQueue<Integer> queue = order.make(test.loop(), 1);
        queue.put(1);
        Task<Void> late = new Crew(test).spawn("late", () -> queue.join().await(SECOND));
        test.advance(SECOND);
        assertThat(late.exceptionNow()).isInstanceOf(DeadlineExceededException.class);

        LoopFuture<Void> join = queue.join();
        queue.taskDone();

        assertThat(join.isDone()).isTrue();
    }
}
