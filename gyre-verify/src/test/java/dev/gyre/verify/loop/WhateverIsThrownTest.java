package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopGroup;
import dev.gyre.loop.LoopLocal;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.PeriodicCallback;
import dev.gyre.loop.Poller;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.LoopExtension;
import dev.gyre.testing.TestLoop;
import java.lang.System.Logger.Level;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future.State;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever user code throws, wherever a loop calls it, has the documented effect and no other.
@Timeout(GyreTest.SECONDS_MAX)
@ExtendWith(LoopExtension.class)
class WhateverIsThrownTest {

    private static final String APPLICATION = "dev.gyre.application";
    private static final String GENERAL = "dev.gyre.general";
    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @EnumSource
    void anExecutorThatThrowsRefuses(Thrown thrown, TestLoop test) {
        Executor refusing =
                job -> {
                    throw thrown.thrown();
                };

        LoopFuture<Integer> result = test.loop().runInExecutor(refusing, () -> 1);

        assertThat(result.exceptionNow()).hasSameClassAs(thrown.made());
    }

    @ParameterizedTest
    @EnumSource
    void whatAMappingFunctionThrowsFailsTheNewFuture(Thrown thrown, TestLoop test) {
        LoopFuture<Integer> mapped =
                LoopFuture.completed(test.loop(), 1)
                        .map(value -> {
                            throw thrown.thrown();
                        });

        test.runUntilIdle();

        assertThat(mapped.exceptionNow()).hasSameClassAs(thrown.made());
    }

    @ParameterizedTest
    @EnumSource
    void whatBuildsAFailureAndThrowsHasBuiltOne(Thrown thrown, TestLoop test) {
        LoopFuture<Integer> future = new LoopFuture<>(test.loop());

        future.failWith(() -> {
            throw thrown.thrown();
        });

        assertThat(future.exceptionNow()).hasSameClassAs(thrown.made());
    }

    @ParameterizedTest
    @EnumSource
    void whatStoppingAnOperationThrowsIsReportedAndThoseWhoWaitAreTold(
            Thrown thrown, TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "exception in the cancellation of a future");
        List<Throwable> told = new ArrayList<>();
        LoopFuture<Integer> future =
                new LoopFuture<>(
                        test.loop(),
                        () -> {
                            throw thrown.thrown();
                        });
        future.onDone(value -> {}, told::add);

        boolean isCancelled = future.cancel();
        test.runUntilIdle();

        assertThat(isCancelled).isTrue();
        assertThat(told).hasSize(1);
    }

    /// Else the loop would call it again at once, at full speed, for ever.
    @ParameterizedTest
    @EnumSource
    void aHandlerThatThrowsIsPausedAndGivenUpInTheEnd(Thrown thrown, ExpectLog log)
            throws Exception {
        log.expect(GENERAL, Level.ERROR, "its handler failed 16 times in a row");
        int[] calls = {0};
        try (TestLoop test =
                new TestLoop(options -> options.withUncaughtHandler((l, r, f) -> {}))) {
            Pipe pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            ChannelBytes.write(pipe.sink(), "x");
            test.loop()
                    .addHandler(
                            pipe.source(),
                            (channel, events) -> {
                                calls[0]++;
                                throw thrown.thrown();
                            },
                            IOLoop.READ);

            test.advance(Duration.ofMinutes(1));

            assertThat(pipe.source().isOpen()).isFalse();
            pipe.sink().close();
        }
        // An IOException is told to the handler once more, each time.
        assertThat(calls[0]).isEqualTo(thrown == Thrown.IO_EXCEPTION ? 32 : 16);
    }

    @ParameterizedTest
    @EnumSource
    void aPeriodicCallbackIsCalledOnWhateverItThrows(Thrown thrown, TestLoop test, ExpectLog log) {
        log.expect(3, APPLICATION, Level.ERROR, "exception in");
        PeriodicCallback periodic = new PeriodicCallback(new Failing(thrown), SECOND);
        test.loop().addCallback(periodic::start);

        test.advance(Duration.ofSeconds(3));

        test.loop().addCallback(periodic::stop);
        test.runUntilIdle();
    }

    /// Fails, and cannot even say what it is.
    private record Failing(Thrown thrown) implements Callback {

        @Override
        public void run() {
            throw thrown.thrown();
        }

        @Override
        public String toString() {
            throw thrown.thrown();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeriodicCallbackWithoutRandomNumbersKeepsItsPeriod(Thrown thrown, ExpectLog log) {
        log.expect(4, APPLICATION, Level.ERROR, "exception in the random numbers for");
        RandomGenerator broken =
                () -> {
                    throw thrown.thrown();
                };
        int[] calls = {0};
        try (TestLoop test = new TestLoop(options -> options.withRandom(broken))) {
            PeriodicCallback periodic = new PeriodicCallback(() -> calls[0]++, SECOND, 0.5);
            test.loop().addCallback(periodic::start);

            test.advance(Duration.ofSeconds(3));

            test.loop().addCallback(periodic::stop);
            test.runUntilIdle();
        }
        assertThat(calls[0]).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void aValueThatFailsToCloseKeepsNeitherTheOthersNorTheLoopFromIt(Thrown thrown, ExpectLog log) {
        log.expect(2, GENERAL, Level.WARNING, "a LoopLocal value failed to close");
        LoopLocal<AutoCloseable> one = LoopLocal.withInitial(loop -> () -> throwIt(thrown));
        LoopLocal<AutoCloseable> other = LoopLocal.withInitial(loop -> () -> throwIt(thrown));
        IOLoop loop = new IOLoop();
        one.get(loop);
        other.get(loop);

        loop.close();

        assertThat(loop.isClosed()).isTrue();
        assertThatThrownBy(loop::start).hasMessageContaining("it is closed");
    }

    private static void throwIt(Thrown thrown) {
        throw thrown.thrown();
    }

    @ParameterizedTest
    @EnumSource
    void aPollerThatFailsToCloseIsLogged(Thrown thrown, ExpectLog log) {
        log.expect(GENERAL, Level.WARNING, "the poller failed to close");
        IOLoop loop =
                new IOLoop(
                        LoopOptions.defaults()
                                .withPoller(() -> new FailingPoller(thrown, FailingPoller.CLOSE)));

        loop.close();

        assertThatThrownBy(loop::start).hasMessageContaining("it is closed");
    }

    /// After an OutOfMemoryError a loop takes its turn once more.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OUT_OF_MEMORY")
    void aGroupOfWhichALoopFailsEndsAndSaysWhy(Thrown thrown) {
        AtomicInteger opened = new AtomicInteger();
        LoopOptions options =
                LoopOptions.defaults()
                        .withPoller(() ->
                                opened.incrementAndGet() == 1
                                        ? Poller.open()
                                        : new FailingPoller(thrown, FailingPoller.POLL));
        LoopGroup group = LoopGroup.start("group", 2, options);

        Throwable end = catchThrowable(group::join);

        assertThat(end).isNotNull();
        assertThat(group.loops()).allMatch(IOLoop::isClosed);
    }

    @ParameterizedTest
    @EnumSource
    void aGroupOfWhichALoopCannotBeMadeIsClosed(Thrown thrown) {
        List<FailingPoller> made = new ArrayList<>();
        LoopOptions options =
                LoopOptions.defaults()
                        .withPoller(() -> {
                            if (made.size() == 1) {
                                throw thrown.thrown();
                            }
                            made.add(new FailingPoller(thrown, FailingPoller.NOTHING));
                            return made.getFirst();
                        });

        Throwable end = catchThrowable(() -> LoopGroup.start("group", 2, options));

        assertThat(end).hasSameClassAs(thrown.made());
        assertThat(made.getFirst().isClosed()).isTrue();
    }

    /// What wraps a failure may fail when it is asked for it, and then is the failure.
    @GyreTest
    void aStageWhoseFailureCannotTellItsCauseStillFailsItsFuture(TestLoop test) {
        CompletableFuture<Integer> stage = new CompletableFuture<>();
        LoopFuture<Integer> adopted = test.loop().adopt(stage);
        CompletionException untold =
                new CompletionException("outer", null) {
                    private static final long serialVersionUID = 1;

                    @Override
                    public synchronized Throwable getCause() {
                        throw new AssertionError("deliberate");
                    }
                };

        stage.completeExceptionally(untold);
        test.runUntilIdle();

        assertThat(adopted.state()).isEqualTo(State.FAILED);
        assertThat(adopted.exceptionNow()).isSameAs(untold);
    }
}
