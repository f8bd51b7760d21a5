package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;

class AdoptTest {

    private final CompletableFuture<String> stage = new CompletableFuture<>();

    @GyreTest
    void theValueOfAStageArrivesOnTheLoop(TestLoop test) {
        List<IOLoop> loops = new ArrayList<>();
        LoopFuture<String> future = test.loop().adopt(stage);
        future.onDone(value -> loops.add(IOLoop.current()), failure -> {});

        new Thread(() -> stage.complete("value")).start();
        test.runUntil(() -> !loops.isEmpty());

        assertThat(future.resultNow()).isEqualTo("value");
        assertThat(loops).containsExactly(test.loop());
    }

    @GyreTest
    void aStageThatIsDoneAlreadyIsDeliveredInALaterTurn(TestLoop test) {
        LoopFuture<String> future = test.loop().adopt(CompletableFuture.completedFuture("at once"));
        assertThat(future.isDone()).isFalse();

        test.runUntilIdle();

        assertThat(future.resultNow()).isEqualTo("at once");
    }

    @GyreTest
    void aNullValueIsAValue(TestLoop test) {
        LoopFuture<String> future = test.loop().adopt(stage);

        stage.complete(null);
        test.runUntilIdle();

        assertThat(future.resultNow()).isNull();
    }

    @GyreTest
    void aFailurePassesAsItIs(TestLoop test) {
        LoopFuture<String> future = test.loop().adopt(stage);

        stage.completeExceptionally(new IOException("reset"));
        test.runUntilIdle();

        assertThat(future.exceptionNow()).isInstanceOf(IOException.class).hasMessage("reset");
    }

    @GyreTest
    void theCompletionExceptionOfADependentStageIsUnwrapped(TestLoop test) {
        LoopFuture<String> future = test.loop().adopt(stage.thenApply(String::trim));

        stage.completeExceptionally(new IOException("reset"));
        test.runUntilIdle();

        assertThat(future.exceptionNow()).isInstanceOf(IOException.class).hasMessage("reset");
    }

    @GyreTest
    void aCompletionExceptionWithoutCauseIsNotUnwrapped(TestLoop test) {
        LoopFuture<String> future = test.loop().adopt(stage);

        stage.completeExceptionally(new CompletionException("bare", null));
        test.runUntilIdle();

        assertThat(future.exceptionNow()).isInstanceOf(CompletionException.class);
    }

    @GyreTest
    void aCancelledStageIsACancelledFuture(TestLoop test) {
        LoopFuture<String> direct = test.loop().adopt(stage);
        LoopFuture<String> dependent = test.loop().adopt(stage.thenApply(String::trim));

        stage.cancel(false);
        test.runUntilIdle();

        assertThat(direct.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(dependent.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void cancellingTheFutureCancelsTheStage(TestLoop test) {
        LoopFuture<String> future = test.loop().adopt(stage);

        future.cancel();
        test.runUntilIdle();

        assertThat(stage).isCancelled();
        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void aStageThatCannotBeCancelledIsLeftAlone(TestLoop test) {
        LoopFuture<String> future = test.loop().adopt(stage.minimalCompletionStage());

        assertThatCode(future::cancel).doesNotThrowAnyException();
        stage.complete("too late");
        test.runUntilIdle();

        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
    }
}
