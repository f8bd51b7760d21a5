package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.loop.CompletionOrder;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopQueue;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Tasks that wait for several futures: all, any, one after the other.
class CombinationTest {

    private static <T> List<LoopFuture<T>> pending(TestLoop test, int count) {
        return Stream.generate(() -> new LoopFuture<T>(test.loop())).limit(count).toList();
    }

    @GyreTest
    void allGivesTheValuesInTheOrderOfTheFutures(TestLoop test) {
        List<LoopFuture<String>> futures = pending(test, 3);
        Task<List<String>> task =
                test.loop().spawn("waiter", () -> LoopFuture.all(futures).await());
        for (int i = 2; i >= 0; i--) {
            test.runUntilIdle();
            assertThat(task.isDone()).isFalse();
            futures.get(i).complete("value " + i);
        }

        test.runUntilIdle();

        assertThat(task.resultNow()).containsExactly("value 0", "value 1", "value 2");
    }

    @GyreTest
    void allOfNothingIsDoneAtOnce(TestLoop test) {
        LoopFuture<List<Object>> all = LoopFuture.all(List.of());

        assertThat(all.resultNow()).isEmpty();
        test.runUntilIdle();
    }

    @GyreTest
    void allOfFinishedFuturesIsDoneAtOnce(TestLoop test) {
        LoopFuture<String> done = LoopFuture.completed(test.loop(), "x");

        assertThat(LoopFuture.all(List.of(done, done)).resultNow()).containsExactly("x", "x");
    }

    @GyreTest
    void allWaitsForTheOthersAlsoWhenOneFailed(TestLoop test) {
        List<LoopFuture<String>> futures = pending(test, 2);
        LoopFuture<List<String>> all = LoopFuture.all(futures);

        futures.getFirst().fail(new IOException("x"));
        test.runUntilIdle();
        assertThat(all.isDone()).isFalse();
        futures.getLast().complete("value");
        test.runUntilIdle();

        assertThat(all.exceptionNow()).hasMessage("x");
    }

    @GyreTest
    void allFailsWithTheFirstInTheOrderOfTheFuturesAndTheOthersSuppressed(TestLoop test) {
        List<LoopFuture<String>> futures = pending(test, 3);
        LoopFuture<List<String>> all = LoopFuture.all(futures);
        IOException late = new IOException("late, but first in order");
        IOException early = new IOException("early");

        futures.get(1).fail(early);
        futures.get(0).fail(late);
        futures.get(2).complete("value");
        test.runUntilIdle();

        assertThat(all.exceptionNow()).isSameAs(late).hasSuppressedException(early);
    }

    @GyreTest
    void oneFutureMayBeGivenTwice(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        Task<List<String>> task =
                test.loop().spawn("waiter", () -> LoopFuture.all(List.of(future, future)).await());
        test.runUntilIdle();

        future.complete("x");
        test.runUntilIdle();

        assertThat(task.resultNow()).containsExactly("x", "x");
    }

    @GyreTest
    void aFailureThatIsGivenTwiceIsNotSuppressedInItself(TestLoop test) {
        IOException failure = new IOException("x");
        LoopFuture<String> future = LoopFuture.failed(test.loop(), failure);

        LoopFuture<List<String>> all = LoopFuture.all(List.of(future, future));

        assertThat(all.exceptionNow()).isSameAs(failure).hasNoSuppressedExceptions();
    }

    @GyreTest
    void twoThousandChildrenAreFine(TestLoop test) {
        List<Integer> values =
                new Play(test)
                        .run(() -> {
                            List<Task<Integer>> children = new ArrayList<>();
                            for (int i = 0; i < 2000; i++) {
                                int number = i;
                                children.add(
                                        test.loop()
                                                .spawn(
                                                        "child",
                                                        () -> {
                                                            Task.pause();
                                                            return number;
                                                        }));
                            }
                            return LoopFuture.<Integer>all(children).await();
                        });

        assertThat(values).hasSize(2000).isSorted();
    }

    @GyreTest
    void cancellingTheCombinationCancelsTheParts(TestLoop test) {
        List<LoopFuture<String>> futures = pending(test, 2);
        Task<List<String>> task =
                test.loop().spawn("waiter", () -> LoopFuture.all(futures).await());
        test.runUntilIdle();

        task.cancel();
        test.runUntilIdle();

        assertThat(futures).allMatch(future -> future.state() == Future.State.CANCELLED);
    }

    @GyreTest
    void anyGivesTheFirstValueAndLeavesTheOthers(TestLoop test) {
        List<LoopFuture<String>> futures = pending(test, 3);
        Task<String> task = test.loop().spawn("waiter", () -> LoopFuture.any(futures).await());
        test.runUntilIdle();

        futures.get(0).fail(new IOException("x"));
        futures.get(2).complete("value");
        test.runUntilIdle();

        assertThat(task.resultNow()).isEqualTo("value");
        assertThat(futures.get(1).isDone()).isFalse();
    }

    @GyreTest
    void anyFailsOnlyWhenAllHave(TestLoop test) {
        List<LoopFuture<String>> futures = pending(test, 2);
        LoopFuture<String> any = LoopFuture.any(futures);
        IOException first = new IOException("first");
        IOException second = new IOException("second");

        futures.get(1).fail(second);
        test.runUntilIdle();
        assertThat(any.isDone()).isFalse();
        futures.get(0).fail(first);
        test.runUntilIdle();

        assertThat(any.exceptionNow()).isSameAs(first).hasSuppressedException(second);
    }

    @GyreTest
    void whoTakesTheFirstOfTwoQueuesAndCancelsTheRestLosesNoItem(TestLoop test) {
        Play play = new Play(test);
        LoopQueue<String> one = LoopQueue.fifo(test.loop(), 1);
        LoopQueue<String> two = LoopQueue.fifo(test.loop(), 1);
        play.spawn("taker", () -> takeFirst(play, List.of(one.take(), two.take())));
        test.runUntilIdle();

        one.tryPut("a");
        two.tryPut("b");
        test.runUntilIdle();
        play.spawn("taker", () -> takeFirst(play, List.of(one.take(), two.take())));
        test.runUntilIdle();
        two.tryPut("c");
        test.runUntilIdle();
        one.tryPut("stays");

        assertThat(play.log()).containsExactly("a", "b", "c");
        assertThat(one.tryTake()).isEqualTo("stays");
    }

    private static void takeFirst(Play play, List<LoopFuture<String>> takes) {
        try {
            LoopFuture.any(takes).await();
        } finally {
            for (LoopFuture<String> take : takes) {
                if (!take.cancel() && take.state() == Future.State.SUCCESS) {
                    play.did(take.resultNow());
                }
            }
        }
    }

    // In the order of completion.

    @GyreTest
    void futuresComeInTheOrderOfTheirCompletion(TestLoop test) {
        Play play = new Play(test);
        List<LoopFuture<String>> futures = pending(test, 3);
        play.spawn("waiter", () -> drain(play, LoopFuture.inCompletionOrder(futures)));
        for (int i : List.of(1, 2, 0)) {
            test.runUntilIdle();
            futures.get(i).complete("value " + i);
        }

        test.runUntilIdle();

        assertThat(play.log()).containsExactly("value 1", "value 2", "value 0");
    }

    private static <T> void drain(Play play, CompletionOrder<T> order) {
        while (order.hasNext()) {
            LoopFuture<T> next = order.next().await();
            play.did(next.state() == Future.State.FAILED ? next.exceptionNow() : next.await());
        }
    }

    @GyreTest
    void thoseThatWereDoneComeFirstInTheOrderOfTheArguments(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> pending = new LoopFuture<>(test.loop());
        LoopFuture<String> b = LoopFuture.completed(test.loop(), "b");
        LoopFuture<String> a = LoopFuture.completed(test.loop(), "a");
        play.spawn(
                "waiter", () -> drain(play, LoopFuture.inCompletionOrder(List.of(pending, b, a))));
        test.runUntilIdle();

        pending.complete("last");
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("b", "a", "last");
    }

    @GyreTest
    void anOrderThatOnlyItsFutureHoldsStillDelivers(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        LoopFuture<LoopFuture<String>> next = LoopFuture.inCompletionOrder(List.of(future)).next();
        System.gc();

        future.complete("value");
        test.runUntilIdle();

        assertThat(next.resultNow()).isSameAs(future);
    }

    @GyreTest
    void aFailureIsDeliveredWithItsItemAndTheOthersFollow(TestLoop test) {
        Play play = new Play(test);
        IOException failure = new IOException("x");
        LoopFuture<String> bad = LoopFuture.failed(test.loop(), failure);
        LoopFuture<String> good = LoopFuture.completed(test.loop(), "good");

        play.run(() -> {
            drain(play, LoopFuture.inCompletionOrder(List.of(bad, good)));
            return null;
        });

        assertThat(play.log()).containsExactly(failure, "good");
    }

    @GyreTest
    void ofNoFuturesThereIsNoNext(TestLoop test) {
        CompletionOrder<String> order = LoopFuture.inCompletionOrder(List.of());

        assertThat(order.hasNext()).isFalse();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(order::next))
                .isInstanceOf(NoSuchElementException.class);
        test.runUntilIdle();
    }

    @GyreTest
    void whoGivesUpWaitingForTheNextLosesNoFuture(TestLoop test) {
        Play play = new Play(test);
        List<LoopFuture<String>> futures = pending(test, 1);
        CompletionOrder<String> order = LoopFuture.inCompletionOrder(futures);
        Task<Void> hasty = play.spawnLogged("hasty", () -> order.next().await(Play.SECOND));
        hasty.observe();
        test.advance(Play.SECOND);

        futures.getFirst().complete("value");
        test.runUntilIdle();
        play.spawn("patient", () -> play.did(order.next().await().await()));
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("hasty DeadlineExceededException", "value");
    }

    @GyreTest
    void whoRunsOutOfTimeForTheNextHasItStillToAskFor(TestLoop test) {
        Play play = new Play(test);
        CompletionOrder<String> order = LoopFuture.inCompletionOrder(pending(test, 1));
        play.spawnLogged("hasty", () -> order.next().await(Play.SECOND)).observe();

        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly("hasty DeadlineExceededException");
        assertThat(order.hasNext()).isTrue();
    }

    @GyreTest
    void oneWhoAskedAndAnsweredHimselfTakesNoFuture(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        CompletionOrder<String> order = LoopFuture.inCompletionOrder(List.of(future));
        order.next().complete(LoopFuture.completed(test.loop(), "his own"));

        future.complete("value");
        test.runUntilIdle();

        assertThat(order.next().resultNow()).isSameAs(future);
        assertThat(order.hasNext()).isFalse();
    }

    @GyreTest
    void tasksComeInTheOrderOfTheirCompletionToo(TestLoop test) {
        Play play = new Play(test);
        List<Task<String>> tasks =
                List.of(
                        test.loop().spawn("late", () -> afterPause("late")),
                        test.loop().spawn("early", () -> "early"));
        List<Task<String>> copied = new ArrayList<>(tasks);
        CompletionOrder<String> order = LoopFuture.inCompletionOrder(copied);
        copied.clear();

        play.spawn("waiter", () -> drain(play, order));
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("early", "late");
    }

    private static String afterPause(String value) {
        Task.pause();
        return value;
    }

    // Failures.

    @GyreTest
    void aFailureCountsMoreThanACancellationBeforeIt(TestLoop test) {
        IOException failure = new IOException("disk full");
        LoopFuture<String> cancelled = new LoopFuture<>(test.loop());
        cancelled.cancel();
        LoopFuture<String> failed = LoopFuture.failed(test.loop(), failure);
        List<LoopFuture<String>> futures = List.of(cancelled, failed);

        assertThat(LoopFuture.all(futures).exceptionNow()).isSameAs(failure);
        assertThat(LoopFuture.any(futures).exceptionNow()).isSameAs(failure);
        assertThat(LoopFuture.all(futures.reversed()).exceptionNow()).isSameAs(failure);
        assertThat(failure).hasNoSuppressedExceptions();
    }

    @GyreTest
    void ofNothingButCancelledFuturesTheCombinationIsCancelled(TestLoop test) {
        List<LoopFuture<String>> futures = pending(test, 2);
        futures.forEach(LoopFuture::cancel);

        assertThat(LoopFuture.all(futures).state()).isEqualTo(Future.State.CANCELLED);
        assertThat(LoopFuture.any(futures).state()).isEqualTo(Future.State.CANCELLED);
    }

    /// Somebody else was cancelled, and let that out: see the record of that decision.
    @GyreTest
    void aFailureByACancellationIsAFailureOfTheCombinationToo(TestLoop test) {
        CancellationException failure = new CancellationException("the pool was shut down");
        LoopFuture<String> failed = LoopFuture.failed(test.loop(), failure);
        LoopFuture<String> cancelled = new LoopFuture<>(test.loop());
        cancelled.cancel();
        List<LoopFuture<String>> futures = List.of(cancelled, failed);
        LoopFuture<Integer> mapped = failed.map(String::length);
        test.runUntilIdle();

        assertThat(LoopFuture.all(futures).state()).isEqualTo(Future.State.FAILED);
        assertThat(LoopFuture.all(futures).exceptionNow()).isSameAs(failure);
        assertThat(LoopFuture.any(futures).exceptionNow()).isSameAs(failure);
        assertThat(mapped.state()).isEqualTo(Future.State.FAILED);
        assertThat(mapped.exceptionNow()).isSameAs(failure);
    }

    // Giving up.

    @GyreTest
    void givingUpTheCombinationLeavesWhatOthersAwait(TestLoop test) {
        LoopFuture<String> shared = new LoopFuture<>(test.loop());
        LoopFuture<String> own = new LoopFuture<>(test.loop());
        Task<String> other = test.loop().spawn("other", () -> shared.await());
        Task<List<String>> all =
                test.loop().spawn("all", () -> LoopFuture.all(List.of(shared, own)).await());
        Task<String> any =
                test.loop().spawn("any", () -> LoopFuture.any(List.of(shared, own)).await());
        test.runUntilIdle();

        all.cancel();
        any.cancel();
        test.runUntilIdle();
        shared.complete("value");
        test.runUntilIdle();

        assertThat(other.resultNow()).isEqualTo("value");
        assertThat(own.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void givingUpTheCombinationCancelsAFutureThatWasGivenTwice(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());

        LoopFuture.all(List.of(future, future)).cancel();

        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
        test.runUntilIdle();
    }

    // Where they belong.

    @GyreTest
    void futuresOfTwoLoopsAreRefused(TestLoop test) {
        try (IOLoop other = new IOLoop()) {
            List<LoopFuture<String>> mixed =
                    List.of(new LoopFuture<>(test.loop()), new LoopFuture<>(other));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LoopFuture.all(mixed))
                    .withMessageContainingAll(
                            "LoopFuture.all", test.loop().toString(), other.toString());
            assertThatIllegalArgumentException().isThrownBy(() -> LoopFuture.any(mixed));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LoopFuture.inCompletionOrder(mixed));
        }
    }

    @GyreTest
    void foreignThreadsAreRefusedWhileTheLoopRuns(TestLoop test) {
        List<LoopFuture<String>> futures = pending(test, 1);
        CompletionOrder<String> order = LoopFuture.inCompletionOrder(futures);
        List<ThrowingCallable> calls =
                List.of(
                        () -> LoopFuture.all(futures),
                        () -> LoopFuture.any(futures),
                        () -> LoopFuture.inCompletionOrder(futures),
                        order::next);

        List<Throwable> thrown =
                new Play(test)
                        .runToItsEnd(() ->
                                test.loop()
                                        .runInExecutor(() ->
                                                calls.stream()
                                                        .map(ThrowableAssert::catchThrowable)
                                                        .toList())
                                        .await());

        assertThat(thrown)
                .hasSize(4)
                .allSatisfy(each ->
                        assertThat(each)
                                .isExactlyInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("addCallback"));
        assertThat(order.hasNext()).isTrue();
    }

    /// Who has waited once must not count for ever: the wait of the last one cancels the future.
    @GyreTest
    void aPartThatGoesOnAfterAnyHasItsValueIsWaitedForNoLonger(TestLoop test) {
        LoopFuture<String> longLived = new LoopFuture<>(test.loop());
        for (int i = 0; i < 3; i++) {
            LoopFuture<String> soon = new LoopFuture<>(test.loop());
            LoopFuture<String> first = LoopFuture.any(List.of(longLived, soon));
            soon.complete("soon");
            test.runUntilIdle();
            assertThat(first.resultNow()).isEqualTo("soon");
        }
        assertThat(longLived.isDone()).isFalse();
        Task<String> last = test.loop().spawn("last", () -> longLived.await());
        test.runUntilIdle();

        last.cancel();
        test.runUntilIdle();

        assertThat(longLived.isDone()).isTrue();
    }
}
