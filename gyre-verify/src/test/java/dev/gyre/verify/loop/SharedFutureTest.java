package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;

/// A future that many wait for, of whom some give up.
final class SharedFutureTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static LoopFuture<String> shared(TestLoop test) {
        return LoopFuture.shared(test.loop(), "the tide");
    }

    @GyreTest
    void whoCancelsItCancelsItForNobody(TestLoop test) {
        LoopFuture<String> future = shared(test);

        assertThat(future.cancel()).isFalse();

        assertThat(future.state()).isEqualTo(Future.State.RUNNING);
        assertThat(future.complete("high")).isTrue();
        assertThat(future.resultNow()).isEqualTo("high");
    }

    @GyreTest
    void whoseTimeIsUpLeavesTheOthersWaiting(TestLoop test) {
        LoopFuture<String> future = shared(test);
        Task<String> hurried = test.loop().spawn("hurried", () -> future.await(SECOND));
        Task<String> patient = test.loop().spawn("patient", () -> future.await());
        test.advance(SECOND);
        assertThat(hurried.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        assertThat(patient.isDone()).isFalse();

        future.complete("high");
        test.runUntilIdle();

        assertThat(patient.resultNow()).isEqualTo("high");
    }

    /// Nobody waits for a moment, and the next one still can.
    @GyreTest
    void theLastOneWhoGivesUpLeavesItToTheNext(TestLoop test) {
        LoopFuture<String> future = shared(test);
        Task<String> hurried = test.loop().spawn("hurried", () -> future.await(SECOND));
        Task<String> cancelled = test.loop().spawn("cancelled", () -> future.await());
        test.advance(SECOND);
        cancelled.cancel();
        test.runUntilIdle();
        assertThat(hurried.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        assertThat(cancelled.exceptionNow()).isInstanceOf(CancellationException.class);

        Task<String> next = test.loop().spawn("next", () -> future.await());
        test.runUntilIdle();
        future.complete("high");
        test.runUntilIdle();

        assertThat(next.resultNow()).isEqualTo("high");
    }

    @GyreTest
    void aCombinationThatIsGivenUpLeavesItToTheOthers(TestLoop test) {
        LoopFuture<String> future = shared(test);
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
        LoopFuture<String> future = shared(test);
        List<String> heard = new ArrayList<>();
        future.onDone(value -> {}, failure -> heard.add(failure.getMessage()));
        future.onDone(value -> {}, failure -> heard.add(failure.getMessage()));

        future.fail(new IOException("low"));
        test.runUntilIdle();

        assertThat(heard).containsExactly("low", "low");
    }

    @GyreTest
    void itTellsWhatIsWaitedFor(TestLoop test) {
        assertThat(shared(test)).hasToString("LoopFuture[RUNNING, the tide]");
    }
}
