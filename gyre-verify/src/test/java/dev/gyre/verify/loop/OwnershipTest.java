package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gyre.loop.Deadline;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopLocal;
import dev.gyre.loop.LoopTimer;
import dev.gyre.testing.GyreTest;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Who may call what, and when: every method of the loop, on a foreign thread and after its end.
@Timeout(GyreTest.SECONDS_MAX)
class OwnershipTest {

    private static final LoopLocal<String> LOCAL = LoopLocal.withInitial(IOLoop::name);

    private Pipe pipe;
    private IOLoop loop;

    @BeforeEach
    void open() throws IOException {
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        loop = new IOLoop();
    }

    @AfterEach
    void close() throws IOException {
        pipe.source().close();
        pipe.sink().close();
    }

    /// A use of a loop, with the name that a refusal must bear.
    record Use(String name, Call call) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Call {
        void on(IOLoop loop, Pipe pipe);
    }

    /// What needs an open loop and its thread.
    static Stream<Use> work() {
        return Stream.of(
                new Use("callLater", (loop, pipe) -> loop.callLater(Duration.ZERO, () -> {})),
                new Use("callAt", (loop, pipe) -> loop.callAt(new Deadline(0), () -> {})),
                new Use("beforePoll", (loop, pipe) -> loop.beforePoll(() -> {})),
                new Use(
                        "addHandler",
                        (loop, pipe) -> loop.addHandler(pipe.source(), (c, e) -> {}, IOLoop.READ)),
                new Use(
                        "updateHandler",
                        (loop, pipe) -> loop.updateHandler(pipe.source(), IOLoop.READ)),
                new Use("runInExecutor", (loop, pipe) -> loop.runInExecutor(() -> "never")),
                new Use("adopt", (loop, pipe) -> loop.adopt(new CompletableFuture<>())),
                new Use("onSignal", (loop, pipe) -> loop.onSignal("WINCH", () -> {})),
                new Use("watch", (loop, pipe) -> loop.watch(Duration.ofSeconds(1))),
                new Use("LoopLocal.get", (loop, pipe) -> LOCAL.get(loop)));
    }

    /// What needs the loop's thread, and is harmless after its end.
    static Stream<Use> tidying() {
        return Stream.of(
                new Use("removeHandler", (loop, pipe) -> loop.removeHandler(pipe.source())),
                new Use("random", (loop, pipe) -> loop.random()),
                new Use("LoopFuture.complete", (loop, pipe) -> pending(loop).complete("x")),
                new Use("LoopFuture.fail", (loop, pipe) -> failObserved(pending(loop))),
                new Use("LoopFuture.cancel", (loop, pipe) -> pending(loop).cancel()),
                new Use("LoopFuture.onDone", (l, pipe) -> pending(l).onDone(v -> {}, f -> {})),
                new Use("LoopFuture.failWith", (l, p) -> pending(l).failWith(OwnershipTest::eof)),
                new Use("LoopFuture.observe", (loop, pipe) -> pending(loop).observe()),
                new Use(
                        "LoopFuture.toCompletableFuture",
                        (loop, pipe) -> pending(loop).toCompletableFuture().isDone()));
    }

    private static RuntimeException eof() {
        return new UncheckedIOException(new EOFException());
    }

    private static void failObserved(LoopFuture<String> future) {
        future.fail(new IOException());
        future.observe();
    }

    private static LoopFuture<String> pending(IOLoop loop) {
        return new LoopFuture<>(loop);
    }

    static Stream<Use> workAndTidying() {
        return Stream.concat(work(), tidying());
    }

    @ParameterizedTest
    @MethodSource("workAndTidying")
    void aForeignThreadIsRefusedWhileTheLoopRunsAndToldWhatToDo(Use use) throws Exception {
        try (LoopOnThread running = LoopOnThread.start(loop)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> use.call().on(loop, pipe))
                    .withMessageContaining(use.name())
                    .withMessageContaining(loop.name())
                    .withMessageContaining(running.thread().getName())
                    .withMessageContaining("addCallback");
        }
    }

    @ParameterizedTest
    @MethodSource("work")
    void aClosedLoopRefusesWork(Use use) {
        loop.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> use.call().on(loop, pipe))
                .withMessageContaining(use.name())
                .withMessageContaining("closed");
    }

    @ParameterizedTest
    @MethodSource("tidying")
    void aClosedLoopDoesNotMindTidying(Use use) {
        loop.close();

        assertThatCode(() -> use.call().on(loop, pipe)).doesNotThrowAnyException();
    }

    @Test
    void aClosedLoopDoesNotMindStopCloseAndBeingRead() {
        loop.close();

        assertThatCode(
                        () -> {
                            loop.stop();
                            loop.close();
                            loop.addCallback(() -> {});
                        })
                .doesNotThrowAnyException();
        assertThat(loop.metrics().handlers()).isZero();
        assertThat(loop.name()).startsWith("loop-");
    }

    @Test
    void aClosedLoopCannotBeStarted() {
        loop.close();

        assertThatIllegalStateException().isThrownBy(loop::start).withMessageContaining("closed");
    }

    @Test
    void anyThreadMayReadARunningLoop() throws Exception {
        try (LoopOnThread running = LoopOnThread.start(loop)) {
            assertThat(loop.metrics().turns()).isPositive();
            long before = loop.time();
            assertThat(loop.time() - before).isNotNegative();
            assertThat(running.thread().getName()).isEqualTo(loop.name());
        }
    }

    @Test
    void aForeignThreadMayNotCancelATimerOfARunningLoop() throws Exception {
        LoopTimer timer = loop.callLater(Duration.ofHours(1), () -> {});
        try (LoopOnThread running = LoopOnThread.start(loop)) {
            assertThatIllegalStateException()
                    .isThrownBy(timer::cancel)
                    .withMessageContaining("LoopTimer.cancel");

            assertThat(timer.isPending()).isTrue();
            assertThat(running.thread().isAlive()).isTrue();
        }
    }

    @Test
    void aForeignThreadMayNotLookAtTheOutcomeOfAFutureOfARunningLoop() throws Exception {
        LoopFuture<String> done = LoopFuture.completed(loop, "x");
        LoopFuture<String> failed = LoopFuture.failed(loop, new IOException("x"));
        failed.observe();
        Map<String, Callable<?>> looks =
                Map.of(
                        "LoopFuture.resultNow", done::resultNow,
                        "LoopFuture.exceptionNow", failed::exceptionNow,
                        "LoopFuture.await", done::await,
                        "LoopFuture.await(", () -> failed.await(Duration.ZERO));
        try (LoopOnThread running = LoopOnThread.start(loop)) {
            assertThat(running.thread().isAlive()).isTrue();
            looks.forEach((name, look) ->
                    assertThatIllegalStateException()
                            .isThrownBy(look::call)
                            .withMessageContaining(name.replace("(", ""))
                            .withMessageContaining("addCallback"));
            assertThat(done.isDone()).isTrue();
            assertThat(failed.state()).isEqualTo(Future.State.FAILED);
        }
    }

    @Test
    void aForeignThreadMayMakeAFutureAndHandItOver() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (LoopOnThread running = LoopOnThread.start(loop)) {
            LoopFuture<String> future = pending(loop);
            running.run(() -> future.onDone(seen::complete, seen::completeExceptionally));
            running.run(() -> future.complete("x"));

            assertThat(seen.get()).isEqualTo("x");
        }
    }

    @Test
    void whoeverHoldsAStoppedLoopMayUseIt() throws InterruptedException {
        Thread preparer =
                new Thread(() -> {
                    loop.callLater(Duration.ZERO, loop::stop);
                    loop.addHandler(pipe.source(), (c, e) -> {}, IOLoop.READ);
                });
        preparer.start();
        preparer.join();

        loop.start();

        assertThat(loop.metrics().handlers()).isEqualTo(1);
        loop.close();
    }

    @Test
    void theLoopsOwnThreadMayDoAllThat() throws Exception {
        List<Use> uses = workAndTidying().toList();
        try (LoopOnThread running = LoopOnThread.start(loop)) {
            running.run(() -> uses.forEach(use -> use.call().on(loop, pipe)));
        }
    }
}
