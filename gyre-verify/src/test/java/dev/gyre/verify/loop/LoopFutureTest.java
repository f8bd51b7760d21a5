package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future.State;

class LoopFutureTest {

    private final List<Object> outcomes = new ArrayList<>();

    private void listen(LoopFuture<?> future) {
        future.onDone(
                value -> outcomes.add("value " + value),
                failure -> outcomes.add("failure " + failure.getMessage()));
    }

    @GyreTest
    void aNewFutureIsPending(IOLoop loop) {
        LoopFuture<String> future = new LoopFuture<>(loop);

        assertThat(future.isDone()).isFalse();
        assertThat(future.state()).isEqualTo(State.RUNNING);
    }

    @GyreTest
    void aListenerGetsTheValueInALaterStep(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        listen(future);

        future.complete("x");
        assertThat(outcomes).isEmpty();
        test.runUntilIdle();

        assertThat(outcomes).containsExactly("value x");
    }

    @GyreTest
    void aListenerAddedAfterTheEndRunsInALaterStepToo(TestLoop test) {
        LoopFuture<String> future = LoopFuture.completed(test.loop(), "x");

        listen(future);
        assertThat(outcomes).isEmpty();
        test.runUntilIdle();

        assertThat(outcomes).containsExactly("value x");
    }

    @GyreTest
    void listenersRunInTheOrderInWhichTheyWereAdded(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        future.onDone(value -> outcomes.add(1), failure -> {});
        future.onDone(value -> outcomes.add(2), failure -> {});
        future.complete("x");
        future.onDone(value -> outcomes.add(3), failure -> {});

        test.runUntilIdle();

        assertThat(outcomes).containsExactly(1, 2, 3);
    }

    @GyreTest
    void aListenerGetsTheFailure(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        listen(future);

        future.fail(new IOException("reset"));
        test.runUntilIdle();

        assertThat(outcomes).containsExactly("failure reset");
        assertThat(future.state()).isEqualTo(State.FAILED);
        assertThat(future.exceptionNow()).isInstanceOf(IOException.class);
    }

    @GyreTest
    void aListenerOfACancelledFutureGetsACancellationException(TestLoop test) {
        List<Throwable> failures = new ArrayList<>();
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        future.onDone(outcomes::add, failures::add);

        future.cancel();
        test.runUntilIdle();

        assertThat(failures).singleElement().isInstanceOf(CancellationException.class);
        assertThat(future.exceptionNow()).isInstanceOf(CancellationException.class);
        assertThat(future.state()).isEqualTo(State.CANCELLED);
    }

    @GyreTest
    void theFirstOutcomeStands(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        listen(future);

        assertThat(future.complete("first")).isTrue();
        assertThat(future.complete("second")).isFalse();
        assertThat(future.fail(new IOException("third"))).isFalse();
        assertThat(future.cancel()).isFalse();
        test.runUntilIdle();

        assertThat(outcomes).containsExactly("value first");
    }

    @GyreTest
    void aCancelledFutureTakesNoOtherOutcome(IOLoop loop) {
        LoopFuture<String> future = new LoopFuture<>(loop);

        assertThat(future.cancel()).isTrue();

        assertThat(future.complete("late")).isFalse();
        assertThat(future.fail(new IOException("late"))).isFalse();
        assertThat(future.state()).isEqualTo(State.CANCELLED);
    }

    @GyreTest
    void aFutureThatFailedTakesNoOtherOutcome(IOLoop loop) {
        LoopFuture<String> future = LoopFuture.failed(loop, new IOException("first"));

        assertThat(future.complete("late")).isFalse();
        assertThat(future.cancel()).isFalse();

        assertThat(future.exceptionNow()).hasMessage("first");
    }

    @GyreTest
    void nullIsAValueButNotAFailure(IOLoop loop) {
        LoopFuture<String> future = new LoopFuture<>(loop);
        assertThatNullPointerException().isThrownBy(() -> future.fail(null));

        future.complete(null);

        assertThat(future.state()).isEqualTo(State.SUCCESS);
        assertThat(future.resultNow()).isNull();
    }

    @GyreTest
    void askingForAnOutcomeThatIsNotThereIsRefused(IOLoop loop) {
        LoopFuture<String> pending = new LoopFuture<>(loop);
        LoopFuture<String> failed = LoopFuture.failed(loop, new IOException("reset"));
        LoopFuture<String> completed = LoopFuture.completed(loop, "x");

        assertThatIllegalStateException().isThrownBy(pending::resultNow);
        assertThatIllegalStateException().isThrownBy(pending::exceptionNow);
        assertThatIllegalStateException().isThrownBy(failed::resultNow);
        assertThatIllegalStateException().isThrownBy(completed::exceptionNow);
    }

    @GyreTest
    void cancellingStopsTheOperationOnceAfterTheStateHasChanged(IOLoop loop) {
        List<LoopFuture<String>> self = new ArrayList<>();
        self.add(new LoopFuture<>(loop, () -> outcomes.add(self.getFirst().state())));

        self.getFirst().cancel();
        self.getFirst().cancel();

        assertThat(outcomes).containsExactly(State.CANCELLED);
    }

    @GyreTest
    void cancellingAFinishedFutureStopsNothing(IOLoop loop) {
        LoopFuture<String> future = new LoopFuture<>(loop, () -> outcomes.add("stopped"));
        future.complete("x");

        future.cancel();

        assertThat(outcomes).isEmpty();
    }

    @GyreTest
    void aListenerMayAddAnotherOne(TestLoop test) {
        LoopFuture<String> future = LoopFuture.completed(test.loop(), "x");
        future.onDone(value -> listen(future), failure -> {});

        test.runUntilIdle();

        assertThat(outcomes).containsExactly("value x");
    }

    @GyreTest
    void aListenerThatThrowsIsLoggedAndTheNextOneRuns(TestLoop test, ExpectLog log) {
        log.expect("dev.gyre.application", Level.ERROR, "listener broke");
        LoopFuture<String> future = LoopFuture.completed(test.loop(), "x");
        future.onDone(
                value -> {
                    throw new IllegalStateException("listener broke");
                },
                failure -> {});
        listen(future);

        test.runUntilIdle();

        assertThat(outcomes).containsExactly("value x");
    }

    @GyreTest
    void mapMakesANewValueInALaterStep(TestLoop test) {
        LoopFuture<Integer> length = LoopFuture.completed(test.loop(), "four").map(String::length);
        assertThat(length.isDone()).isFalse();

        test.runUntilIdle();

        assertThat(length.resultNow()).isEqualTo(4);
    }

    @GyreTest
    void mapPassesAFailureOn(TestLoop test) {
        LoopFuture<String> failed = LoopFuture.failed(test.loop(), new IOException("reset"));

        LoopFuture<Integer> mapped = failed.map(String::length);
        test.runUntilIdle();

        assertThat(mapped.exceptionNow()).isSameAs(failed.exceptionNow());
    }

    @GyreTest
    void whatTheFunctionOfMapThrowsFailsTheNewFuture(TestLoop test) {
        LoopFuture<Integer> mapped =
                LoopFuture.completed(test.loop(), "no number").map(Integer::valueOf);

        test.runUntilIdle();

        assertThat(mapped.exceptionNow()).isInstanceOf(NumberFormatException.class);
    }

    @GyreTest
    void mapPassesACancellationOn(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        LoopFuture<Integer> mapped = future.map(String::length);

        future.cancel();
        test.runUntilIdle();

        assertThat(mapped.state()).isEqualTo(State.CANCELLED);
    }

    @GyreTest
    void cancellingAMappedFutureCancelsItsSourceAndCallsNoFunction(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop(), () -> outcomes.add("stopped"));
        LoopFuture<Boolean> mapped = future.map(outcomes::add);

        mapped.cancel();
        test.runUntilIdle();

        assertThat(future.state()).isEqualTo(State.CANCELLED);
        assertThat(outcomes).containsExactly("stopped");
    }

    @GyreTest
    void aMappedFutureCancelledAfterItsSourceEndedCallsNoFunction(TestLoop test) {
        LoopFuture<Boolean> mapped = LoopFuture.completed(test.loop(), "x").map(outcomes::add);

        mapped.cancel();
        test.runUntilIdle();

        assertThat(outcomes).isEmpty();
    }

    @GyreTest
    void theFutureForOtherThreadsIsCompletedInALaterStep(TestLoop test) {
        LoopFuture<String> future = LoopFuture.completed(test.loop(), "x");

        CompletableFuture<String> outside = future.toCompletableFuture();
        assertThat(outside).isNotDone();
        test.runUntilIdle();

        assertThat(outside).isCompletedWithValue("x");
    }

    @GyreTest
    void theFutureForOtherThreadsTellsFailureAndCancellation(TestLoop test) {
        LoopFuture<String> cancelled = new LoopFuture<>(test.loop());
        CompletableFuture<String> failure =
                LoopFuture.<String>failed(test.loop(), new IOException("reset"))
                        .toCompletableFuture();
        CompletableFuture<String> cancellation = cancelled.toCompletableFuture();

        cancelled.cancel();
        test.runUntilIdle();

        assertThat(failure.exceptionNow()).isInstanceOf(IOException.class);
        assertThat(cancellation).isCancelled();
    }

    @GyreTest
    void cancellingTheFutureForOtherThreadsLeavesThisOneAlone(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());

        future.toCompletableFuture().cancel(true);
        test.runUntilIdle();

        assertThat(future.isDone()).isFalse();
    }
}
