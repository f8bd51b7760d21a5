package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopQueue;
import dev.gyre.sync.QueueClosedException;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.Arrays;
import java.util.List;

class QueueCloseTest {

    private static void assertClosed(LoopFuture<?> future) {
        assertThat(future.exceptionNow()).isInstanceOf(QueueClosedException.class);
    }

    @GyreTest
    void whatIsLeftCanBeTakenBeforeTakingFails(TestLoop test) {
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 2);
        queue.put("a");
        queue.put("b");

        queue.close();

        assertThat(queue.take().resultNow()).isEqualTo("a");
        assertThat(queue.tryTake()).isEqualTo("b");
        assertClosed(queue.take());
        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(queue::tryTake);
    }

    @GyreTest
    void nothingCanBePutAnyMore(TestLoop test) {
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 2);
        queue.close();

        assertClosed(queue.put("a"));
        assertThatExceptionOfType(QueueClosedException.class)
                .isThrownBy(() -> queue.tryPut("a"))
                .withMessage("the queue is closed; the item was not put");
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.isClosed()).isTrue();
    }

    @GyreTest
    void waitingTakersFailAtOnce(TestLoop test) {
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 2);
        LoopFuture<String> first = queue.take();
        LoopFuture<String> second = queue.take();

        queue.close();

        assertClosed(first);
        assertClosed(second);
        assertThat(first.exceptionNow()).isNotSameAs(second.exceptionNow());
    }

    @GyreTest
    void waitingPuttersFailAtOnceAndTheirItemsNeverAppear(TestLoop test) {
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
        queue.put("a");
        LoopFuture<Void> putter = queue.put("b");

        queue.close();

        assertClosed(putter);
        assertThat(queue.tryTake()).isEqualTo("a");
        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(queue::tryTake);
    }

    @GyreTest
    void closingTwiceIsHarmless(TestLoop test) {
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
        queue.put("a");

        queue.close();
        queue.close();

        assertThat(queue.tryTake()).isEqualTo("a");
    }

    @GyreTest
    void joinStillWaitsForWhatIsLeft(TestLoop test) {
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
        queue.put("a");
        LoopFuture<Void> before = queue.join();

        queue.close();
        LoopFuture<Void> after = queue.join();
        assertThat(List.of(before.isDone(), after.isDone())).containsExactly(false, false);
        queue.tryTake();
        queue.taskDone();

        assertThat(List.of(before.isDone(), after.isDone())).containsExactly(true, true);
    }

    @GyreTest
    void workersEndWhenEverythingIsTaken(TestLoop test) {
        LoopQueue<Integer> queue = LoopQueue.fifo(test.loop(), 2);
        Crew crew = new Crew(test);
        Task<Void> worker =
                crew.spawn(
                        "worker",
                        () -> {
                            try {
                                while (true) {
                                    crew.did(queue.take().await());
                                    Task.pause();
                                }
                            } catch (QueueClosedException e) {
                                crew.did("end");
                            }
                        });

        crew.run(() -> {
            try (queue) {
                for (int i = 0; i < 5; i++) {
                    queue.put(i).await();
                }
            }
        });

        assertThat(worker.isDone()).isTrue();
        assertThat(crew.log()).containsExactly(0, 1, 2, 3, 4, "end");
    }

    @GyreTest
    void theExceptionShowsWhoWasTaking(TestLoop test) {
        LoopQueue<Integer> queue = LoopQueue.fifo(test.loop(), 2);
        Task<Void> worker = new Crew(test).spawn("worker", () -> queue.take().await());
        test.runUntilIdle();

        queue.close();
        test.runUntilIdle();

        assertThat(worker.exceptionNow().getSuppressed())
                .anySatisfy(awaiting ->
                        assertThat(Arrays.toString(awaiting.getStackTrace()))
                                .contains("QueueCloseTest.lambda$theExceptionShows"));
    }
}
