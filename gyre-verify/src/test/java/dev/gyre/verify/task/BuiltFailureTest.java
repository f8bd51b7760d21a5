package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Failures that are built when somebody looks at them.
class BuiltFailureTest {

    private final List<Object> seen = new ArrayList<>();

    private static RuntimeException built() {
        return new IllegalStateException("built");
    }

    private static RuntimeException broken() {
        throw new UnsupportedOperationException("broken");
    }

    private static LoopFuture<String> failed(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        future.failWith(BuiltFailureTest::built);
        return future;
    }

    private static LoopFuture<String> brokenlyFailed(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        future.failWith(BuiltFailureTest::broken);
        return future;
    }

    @GyreTest
    void eachWhoAwaitsHasOneWithItsOwnFrames(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        var first = test.loop().spawn("first", () -> awaitFirst(future));
        var second = test.loop().spawn("second", () -> awaitSecond(future));
        test.runUntilIdle();
        future.failWith(BuiltFailureTest::built);
        test.runUntilIdle();

        assertThat(first.exceptionNow()).hasMessage("built").isNotSameAs(second.exceptionNow());
        assertThat(first.exceptionNow()).hasStackTraceContaining("awaitFirst");
        assertThat(second.exceptionNow()).hasStackTraceContaining("awaitSecond");
    }

    private static String awaitFirst(LoopFuture<String> future) {
        return future.await();
    }

    private static String awaitSecond(LoopFuture<String> future) {
        return future.await();
    }

    @GyreTest
    void nobodyNeedsToLookAtIt(TestLoop test, ExpectLog log) {
        assertThat(failed(test).isDone()).isTrue();

        test.close();

        assertThat(log.records()).isEmpty();
    }

    @GyreTest
    void aFutureThatIsDoneIsLeftAsItIs(TestLoop test) {
        LoopFuture<String> future = LoopFuture.completed(test.loop(), "x");

        assertThat(future.failWith(BuiltFailureTest::built)).isFalse();
        assertThat(future.resultNow()).isEqualTo("x");
    }

    @GyreTest
    void whatTheBuilderThrowsIsTheFailureForWhoAwaits(TestLoop test) {
        LoopFuture<String> future = brokenlyFailed(test);

        Throwable thrown = new Play(test).fail(() -> awaitFirst(future));

        assertThat(thrown)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("broken")
                .hasStackTraceContaining("BuiltFailureTest.awaitFirst");
    }

    @GyreTest
    void aBuilderThatBuildsNothingIsAFailureToo(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        future.failWith(() -> null);

        assertThat(LoopFuture.all(List.of(future)).exceptionNow())
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("build");
    }

    @GyreTest
    void whatTheBuilderThrowsIsTheFailureForListenersAndOtherThreads(TestLoop test) {
        LoopFuture<String> future = brokenlyFailed(test);
        CompletableFuture<String> outside = future.toCompletableFuture();
        future.map(String::length).onDone(seen::add, failure -> seen.add(failure.getMessage()));
        future.onDone(seen::add, failure -> seen.add(failure.getMessage()));

        test.runUntilIdle();

        assertThat(seen).containsExactly("broken", "broken");
        assertThat(outside.exceptionNow()).hasMessage("broken");
    }

    @GyreTest
    void whatTheBuilderThrowsEndsACombination(TestLoop test) {
        List<LoopFuture<String>> futures =
                List.of(new LoopFuture<>(test.loop()), new LoopFuture<>(test.loop()));
        LoopFuture<List<String>> all = LoopFuture.all(futures);
        LoopFuture<String> any = LoopFuture.any(futures);

        futures.forEach(future -> future.failWith(BuiltFailureTest::broken));
        test.runUntilIdle();

        assertThat(all.exceptionNow()).hasMessage("broken");
        assertThat(any.exceptionNow()).hasMessage("broken");
        assertThat(LoopFuture.all(futures).exceptionNow()).hasMessage("broken");
    }

    /// The thread of the loop itself must run no code that may want a lock.
    @GyreTest
    void theBuilderRunsAsUserCodeAlsoForACombination(TestLoop test) {
        LoopFuture<String> fails = new LoopFuture<>(test.loop());
        LoopFuture<String> comesLater = new LoopFuture<>(test.loop());
        LoopFuture<List<String>> all = LoopFuture.all(List.of(fails, comesLater));
        LoopFuture<String> any = LoopFuture.any(List.of(fails));

        fails.failWith(() -> {
            seen.add(Thread.currentThread().isVirtual());
            return built();
        });
        test.runUntilIdle();
        comesLater.complete("x");
        test.runUntilIdle();

        assertThat(all.exceptionNow()).hasMessage("built");
        assertThat(any.exceptionNow()).hasMessage("built");
        assertThat(seen).containsExactly(true, true);
    }
}
