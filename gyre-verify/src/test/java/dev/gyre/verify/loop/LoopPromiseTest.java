package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.CompletionOrder;
import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopPromise;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// A future that many wait for, of whom some give up.
final class LoopPromiseTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final int ORDERS = 500;

    private static LoopPromise<String> promise(TestLoop test) {
        return new LoopPromise<>(test.loop(), "the tide");
    }

    @GyreTest
    void whoCancelsItCancelsItForNobody(TestLoop test) {
        LoopPromise<String> promise = promise(test);
        LoopFuture<String> future = promise.future();

        assertThat(future.cancel()).isFalse();

        assertThat(future.state()).isEqualTo(Future.State.RUNNING);
        assertThat(promise.complete("high")).isTrue();
        assertThat(future.resultNow()).isEqualTo("high");
    }

    @GyreTest
    void whoseTimeIsUpLeavesTheOthersWaiting(TestLoop test) {
        LoopPromise<String> promise = promise(test);
        LoopFuture<String> future = promise.future();
        Task<String> hurried = test.loop().spawn("hurried", () -> future.await(SECOND));
        Task<String> patient = test.loop().spawn("patient", () -> future.await());
        test.advance(SECOND);
        assertThat(hurried.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        assertThat(patient.isDone()).isFalse();

        promise.complete("high");
        test.runUntilIdle();

        assertThat(patient.resultNow()).isEqualTo("high");
    }

    /// Nobody waits for the promise for a moment, and the next one still can.
    @GyreTest
    void theLastOneWhoGivesUpLeavesItToTheNext(TestLoop test) {
        LoopPromise<String> promise = promise(test);
        LoopFuture<String> future = promise.future();
        Task<String> hurried = test.loop().spawn("hurried", () -> future.await(SECOND));
        Task<String> cancelled = test.loop().spawn("cancelled", () -> future.await());
        test.advance(SECOND);
        cancelled.cancel();
        test.runUntilIdle();
        assertThat(hurried.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        assertThat(cancelled.exceptionNow()).isInstanceOf(CancellationException.class);

        Task<String> next = test.loop().spawn("next", () -> future.await());
        test.runUntilIdle();
        promise.complete("high");
        test.runUntilIdle();

        assertThat(next.resultNow()).isEqualTo("high");
    }

    @GyreTest
    void aCombinationThatIsGivenUpLeavesItToTheOthers(TestLoop test) {
        LoopPromise<String> promise = promise(test);
        LoopFuture<String> future = promise.future();
        LoopFuture<String> mine = new LoopFuture<>(test.loop());
        LoopFuture<String> mapped = future.map(String::strip);
        LoopFuture<String> any = LoopFuture.any(List.of(mine, future));

        mapped.cancel();
        any.cancel();

        assertThat(mine.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(future.isDone()).isFalse();
    }

    @GyreTest
    void itFailsForAll(TestLoop test) {
        LoopPromise<String> promise = promise(test);
        LoopFuture<String> future = promise.future();
        List<String> heard = new ArrayList<>();
        future.onDone(value -> {}, failure -> heard.add(failure.getMessage()));
        future.onDone(value -> {}, failure -> heard.add(failure.getMessage()));

        promise.fail(new IOException("low"));
        test.runUntilIdle();

        assertThat(heard).containsExactly("low", "low");
    }

    @GyreTest
    void itTellsWhatIsWaitedFor(TestLoop test) {
        assertThat(promise(test).future()).hasToString("LoopFuture[RUNNING, the tide]");
    }

    @GyreTest
    void whoWaitsForItCannotEndIt(TestLoop test) {
        LoopPromise<String> promise = promise(test);
        LoopFuture<String> future = promise.future();

        for (ThrowingCallable attempt :
                List.<ThrowingCallable>of(
                        () -> future.complete("high"),
                        () -> future.fail(new IOException("low")),
                        () -> future.failWith(IllegalStateException::new))) {
            assertThatThrownBy(attempt)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("LoopFuture[RUNNING, the tide]")
                    .hasMessageContaining("its promise ends it");
        }

        assertThat(promise.future()).isSameAs(future);
        assertThat(future.isDone()).isFalse();
    }

    @GyreTest
    void itIsKeptOnce(TestLoop test) {
        LoopPromise<String> promise = promise(test);

        assertThat(promise.failWith(() -> new IllegalStateException("low"))).isTrue();

        assertThat(promise.complete("high")).isFalse();
        assertThat(promise.fail(new IOException("x"))).isFalse();
        assertThat(promise.future().exceptionNow()).hasMessage("low");
    }

    @GyreTest
    void whatItStandsForHasAName(TestLoop test) {
        assertThatNullPointerException()
                .isThrownBy(() -> new LoopPromise<>(test.loop(), null))
                .withMessage("operation");
    }

    /// One that lives as long as a connection is a part of an order at each message.
    @GyreTest
    void anOrderThatNobodyHasAnyMoreLeavesNothingBehind(TestLoop test) throws Exception {
        LoopPromise<String> promise = promise(test);
        LoopFuture<String> future = promise.future();
        WeakReference<LoopFuture<String>> last = new WeakReference<>(null);
        for (int i = 0; i < ORDERS; i++) {
            last = new WeakReference<>(beginOrder(test, future));
        }

        collect();

        assertThat(last.refersTo(null)).isTrue();
        beginOrder(test, future);
        long before = test.loop().metrics().callbacks();
        promise.complete("high");
        test.runUntilIdle();
        assertThat(test.loop().metrics().callbacks() - before).isLessThan(ORDERS / 2);
    }

    /// Returns once all that is gone now was told of. A thread of the JDK does that, for one
    /// collection after the other: so when it has begun with the second, it is done with the first.
    private static void collect() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            ReferenceQueue<Object> gone = new ReferenceQueue<>();
            WeakReference<Object> probe = new WeakReference<>(new Object(), gone);
            System.gc();
            assertThat(gone.remove()).isSameAs(probe);
        }
    }

    /// Returns a future that the order has and nobody else.
    private static LoopFuture<String> beginOrder(TestLoop test, LoopFuture<String> future) {
        LoopFuture<String> mine = LoopFuture.completed(test.loop(), "mine");
        LoopFuture.inCompletionOrder(List.of(future, mine));
        return mine;
    }

    @GyreTest
    void whoIsToldOfTheNextOfAnOrderThatNobodyHasAnyMoreIsTold(TestLoop test) throws Exception {
        LoopPromise<String> promise = promise(test);
        LoopFuture<String> future = promise.future();
        List<Object> heard = new ArrayList<>();
        LoopFuture.inCompletionOrder(List.of(future)).next().onDone(heard::add, heard::add);

        collect();
        promise.complete("high");
        test.runUntilIdle();

        assertThat(heard).containsExactly(future);
    }

    @GyreTest
    void anOrderThatIsKeptGetsWhatIsDone(TestLoop test) throws Exception {
        LoopPromise<String> promise = promise(test);
        LoopFuture<String> future = promise.future();
        CompletionOrder<String> order = LoopFuture.inCompletionOrder(List.of(future));

        collect();
        promise.complete("high");
        test.runUntilIdle();

        assertThat(order.next().resultNow()).isSameAs(future);
    }
}
