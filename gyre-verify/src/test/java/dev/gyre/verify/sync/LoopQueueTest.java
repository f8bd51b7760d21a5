package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopQueue;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

class LoopQueueTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static LoopQueue<String> queueOf(TestLoop test, int sizeMax) {
        return LoopQueue.fifo(test.loop(), sizeMax);
    }

    @GyreTest
    void itsTextTellsOrderSizeAndWhoWaits(TestLoop test) {
        LoopQueue<String> bounded = queueOf(test, 2);
        LoopQueue<String> lifo = LoopQueue.lifo(test.loop(), LoopQueue.UNBOUNDED);
        bounded.put("a");
        bounded.put("b");
        bounded.put("c");
        LoopFuture<String> taker = lifo.take();

        assertThat(bounded)
                .hasToString(
                        "LoopQueue[fifo, 2 of 2, 2 unfinished, waiting to take: 0, to put: 1]");
        assertThat(lifo)
                .hasToString("LoopQueue[lifo, 0, 0 unfinished, waiting to take: 1, to put: 0]");
        taker.cancel();
        lifo.close();
        assertThat(lifo)
                .hasToString(
                        "LoopQueue[lifo, 0, 0 unfinished, waiting to take: 0, to put: 0, closed]");
    }

    @GyreTest
    void itHoldsOneItemAtLeast(TestLoop test) {
        assertThat(queueOf(test, 1).sizeMax()).isEqualTo(1);
        for (int sizeMax : new int[] {0, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LoopQueue.fifo(test.loop(), sizeMax))
                    .withMessageContaining("UNBOUNDED");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LoopQueue.lifo(test.loop(), sizeMax));
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            LoopQueue.priority(
                                    test.loop(), sizeMax, Comparator.<String>naturalOrder()));
        }
    }

    @GyreTest
    void nullIsNoItem(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);

        assertThatNullPointerException().isThrownBy(() -> queue.put(null));
        assertThatNullPointerException().isThrownBy(() -> queue.tryPut(null));
        assertThat(queue.isEmpty()).isTrue();
    }

    @GyreTest
    void itGivesTheOldestItemFirst(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, LoopQueue.UNBOUNDED);
        queue.put("a");
        queue.tryPut("b");
        queue.put("c");

        assertThat(queue.tryTake()).isEqualTo("a");
        assertThat(queue.take().resultNow()).isEqualTo("b");
        assertThat(queue.tryTake()).isEqualTo("c");
        assertThat(queue.tryTake()).isNull();
    }

    @GyreTest
    void itIsFullAtItsLimitAndNotBefore(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 2);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.put("a").isDone()).isTrue();
        assertThat(queue.isFull()).isFalse();
        assertThat(queue.tryPut("b")).isTrue();

        assertThat(queue.isFull()).isTrue();
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.tryPut("c")).isFalse();
        assertThat(queue.put("c").isDone()).isFalse();
        assertThat(queue.size()).isEqualTo(2);
    }

    @GyreTest
    void anUnboundedOneIsNeverFull(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, LoopQueue.UNBOUNDED);
        for (int i = 0; i < 100_000; i++) {
            assertThat(queue.tryPut("item")).isTrue();
        }

        assertThat(queue.isFull()).isFalse();
        assertThat(queue.sizeMax()).isEqualTo(LoopQueue.UNBOUNDED);
    }

    @GyreTest
    void takingLetsTheOldestPutterIn(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);
        queue.put("a");
        LoopFuture<Void> b = queue.put("b");
        LoopFuture<Void> c = queue.put("c");

        assertThat(queue.take().resultNow()).isEqualTo("a");
        assertThat(List.of(b.isDone(), c.isDone())).containsExactly(true, false);
        assertThat(queue.tryTake()).isEqualTo("b");
        assertThat(c.isDone()).isTrue();
        assertThat(queue.tryTake()).isEqualTo("c");
        assertThat(queue.isEmpty()).isTrue();
    }

    @GyreTest
    void aTakerWaitsForAnItem(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);
        LoopFuture<String> taker = queue.take();
        assertThat(taker.isDone()).isFalse();

        queue.put("a");

        assertThat(taker.resultNow()).isEqualTo("a");
        assertThat(queue.isEmpty()).isTrue();
    }

    @GyreTest
    void takersAreServedInTheOrderInWhichTheyCame(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);
        LoopFuture<String> first = queue.take();
        LoopFuture<String> second = queue.take();

        queue.tryPut("a");
        queue.tryPut("b");

        assertThat(first.resultNow()).isEqualTo("a");
        assertThat(second.resultNow()).isEqualTo("b");
    }

    @GyreTest
    void theTakerGoesOnInALaterStep(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);
        Crew crew = new Crew(test);
        crew.spawn("taker", () -> crew.did(queue.take().await()));
        test.runUntilIdle();

        crew.run(() -> {
            queue.tryPut("item");
            crew.did("put");
        });

        assertThat(crew.log()).containsExactly("put", "item");
    }

    @GyreTest
    void blockedPuttersGoOnInTheOrderInWhichTheyCame(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);
        Crew crew = new Crew(test);
        for (String name : List.of("a", "b", "c")) {
            crew.spawn(
                    "putter",
                    () -> {
                        queue.put(name).await();
                        crew.did("put " + name);
                    });
        }
        test.runUntilIdle();

        crew.run(() -> {
            for (int i = 0; i < 3; i++) {
                crew.did("took " + queue.take().await());
            }
        });

        assertThat(crew.log())
                .containsExactly("put a", "took a", "took b", "took c", "put b", "put c");
    }

    @GyreTest
    void aTimedOutTakerLeavesTheItemToTheNext(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);
        Crew crew = new Crew(test);
        Task<Void> late = crew.spawn("late", () -> queue.take().await(SECOND));
        test.runUntilIdle();
        LoopFuture<String> live = queue.take();
        test.advance(SECOND);
        assertThat(late.exceptionNow()).isInstanceOf(DeadlineExceededException.class);

        queue.put("a");

        assertThat(live.resultNow()).isEqualTo("a");
    }

    @GyreTest
    void aLimitOfZeroThrowsWhenThereIsNothingToTakeNow(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);
        Crew crew = new Crew(test);
        Task<Void> taker = crew.spawn("taker", () -> queue.take().await(Duration.ZERO));
        test.runUntilIdle();
        assertThat(taker.exceptionNow()).isInstanceOf(DeadlineExceededException.class);

        queue.put("a");
        Task<Void> putter = crew.spawn("putter", () -> queue.put("b").await(Duration.ZERO));
        test.runUntilIdle();

        assertThat(putter.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        assertThat(queue.size()).isEqualTo(1);
    }

    @GyreTest
    void whatCanBeDoneNowWinsOverADeadlineThatHasPassed(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);

        new Crew(test)
                .run(() -> {
                    queue.put("a").await(SECOND.negated());
                    assertThat(queue.take().await(Duration.ZERO)).isEqualTo("a");
                });
    }

    @GyreTest
    void theItemOfATimedOutPutNeverAppears(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);
        Crew crew = new Crew(test);
        queue.put("a");
        Task<Void> late = crew.spawn("late", () -> queue.put("b").await(SECOND));
        test.runUntilIdle();
        LoopFuture<Void> live = queue.put("c");
        test.advance(SECOND);
        assertThat(late.exceptionNow()).isInstanceOf(DeadlineExceededException.class);

        assertThat(queue.tryTake()).isEqualTo("a");
        assertThat(live.isDone()).isTrue();
        assertThat(queue.tryTake()).isEqualTo("c");
        assertThat(queue.tryTake()).isNull();
    }

    @GyreTest
    void aTimedOutPutterMakesNoRoom(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);
        queue.put("a");
        Task<Void> late = new Crew(test).spawn("late", () -> queue.put("b").await(SECOND));
        test.advance(SECOND);
        assertThat(late.exceptionNow()).isInstanceOf(DeadlineExceededException.class);

        assertThat(queue.tryPut("c")).isFalse();
        assertThat(queue.tryTake()).isEqualTo("a");
        assertThat(queue.tryPut("c")).isTrue();
    }

    @GyreTest
    void timeOutsThatWereNotReachedChangeNothing(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);
        Crew crew = new Crew(test);
        crew.spawn("taker", () -> crew.did("took " + queue.take().await(SECOND)));
        test.runUntilIdle();
        queue.put("a");
        queue.put("b");
        crew.spawn(
                "putter",
                () -> {
                    queue.put("c").await(SECOND);
                    crew.did("put c");
                });
        test.runUntilIdle();
        assertThat(queue.tryTake()).isEqualTo("b");
        test.advance(SECOND.multipliedBy(2));

        assertThat(crew.log()).containsExactly("took a", "put c");
        assertThat(queue.tryTake()).isEqualTo("c");
    }

    @GyreTest
    void timedOutTakersAndPuttersLeaveTheLiveOnes(TestLoop test) {
        LoopQueue<String> empty = queueOf(test, 1);
        LoopQueue<String> full = queueOf(test, 1);
        full.put("item");
        Crew crew = new Crew(test);
        for (int i = 0; i < 101; i++) {
            crew.spawn("taker", () -> empty.take().await(SECOND)).observe();
            crew.spawn("putter", () -> full.put("late").await(SECOND)).observe();
        }
        test.runUntilIdle();
        LoopFuture<String> taker = empty.take();
        LoopFuture<Void> putter = full.put("live");

        test.advance(SECOND);
        assertThat(empty.toString()).contains("waiting to take: 1,");
        assertThat(full.toString()).contains("to put: 1]");
        empty.put("a");
        full.tryTake();

        assertThat(taker.resultNow()).isEqualTo("a");
        assertThat(putter.isDone()).isTrue();
        assertThat(full.tryTake()).isEqualTo("live");
    }

    @GyreTest
    void aCancelledTakerGetsNoItem(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);
        Crew crew = new Crew(test);
        Task<Void> cancelled = crew.spawn("cancelled", () -> crew.did(queue.take().await()));
        crew.spawn("live", () -> crew.did("live took " + queue.take().await()));
        test.runUntilIdle();

        cancelled.cancel();
        queue.put("a");
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly("live took a");
    }

    @GyreTest
    void theItemOfACancelledPutterNeverAppears(TestLoop test) {
        LoopQueue<String> queue = queueOf(test, 1);
        queue.put("a");
        Task<Void> cancelled = new Crew(test).spawn("cancelled", () -> queue.put("b").await());
        test.runUntilIdle();

        cancelled.cancel();
        test.runUntilIdle();

        assertThat(queue.tryTake()).isEqualTo("a");
        assertThat(queue.tryTake()).isNull();
    }

    @GyreTest
    void tenItemsGoThroughAQueueOfThree(TestLoop test) {
        LoopQueue<Integer> queue = LoopQueue.fifo(test.loop(), 3);
        Crew crew = new Crew(test);
        crew.spawn(
                "producer",
                () -> {
                    for (int i = 0; i < 10; i++) {
                        queue.put(i).await();
                        assertThat(queue.size()).isLessThanOrEqualTo(3);
                    }
                });

        crew.run(() -> {
            for (int i = 0; i < 10; i++) {
                crew.did(queue.take().await());
                Task.pause();
            }
        });

        assertThat(crew.log()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
}
