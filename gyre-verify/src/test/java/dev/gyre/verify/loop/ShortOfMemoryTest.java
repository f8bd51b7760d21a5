package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.loop.TimeSource;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/// Where the library's own code finds no memory, what it was about to do is done later. The clock
/// of the loop finds none here, which it calls in the middle of much.
class ShortOfMemoryTest {

    private static final int TURNS = 100;

    private final ScarceTime time = new ScarceTime();
    private final ScriptedPoller poller = new ScriptedPoller();
    private final List<String> reported = new ArrayList<>();
    private final List<String> log = new ArrayList<>();

    /// Stands still, and finds no memory as often as it was told.
    private static final class ScarceTime implements TimeSource {

        private int failures;

        @Override
        public long nanos() {
            if (failures > 0) {
                failures--;
                throw new OutOfMemoryError("planned");
            }
            return 0;
        }
    }

    private IOLoop newLoop() {
        return new IOLoop(
                LoopOptions.defaults()
                        .withTimeSource(time)
                        .withPoller(() -> poller)
                        .withUncaughtHandler((where, running, what) -> reported.add(running)));
    }

    /// Lets the loop turn for a while: one that waits for ever would have to be ended.
    private void turn(IOLoop loop) {
        int[] polls = {0};
        poller.onPoll(timeout -> {
            if (++polls[0] == TURNS) {
                loop.stop();
            }
        });
        loop.start();
        poller.onPoll(timeout -> {});
    }

    private Object awaitForEver(IOLoop loop, String who) {
        try {
            return new LoopFuture<Object>(loop).await();
        } catch (CancellationException e) {
            log.add(who + " cancelled");
            throw e;
        }
    }

    private Object fail() throws GeneralSecurityException {
        Task.pause();
        time.failures = 1;
        throw new GeneralSecurityException("of the child");
    }

    @GyreTest
    void aChildThatFailsEndsItsScopeAllTheSame() {
        try (IOLoop loop = newLoop()) {
            Task<Object> owner =
                    loop.spawn(
                            "owner",
                            () ->
                                    TaskScope.call(scope -> {
                                        scope.spawn("failing", this::fail);
                                        return awaitForEver(loop, "body");
                                    }));

            turn(loop);

            assertThat(owner.isDone()).isTrue();
            assertThat(owner.exceptionNow()).hasMessage("of the child");
            assertThat(log).containsExactly("body cancelled");
            assertThat(reported).allMatch(running -> running.startsWith("short of memory"));
        }
    }

    @GyreTest
    void aChildThatFailsEndsItsSiblingsAllTheSame() {
        try (IOLoop loop = newLoop()) {
            Task<?> owner =
                    loop.spawn(
                            "owner",
                            () ->
                                    TaskScope.run(scope -> {
                                        scope.spawn("one", () -> awaitForEver(loop, "one"));
                                        scope.spawn("failing", this::fail);
                                        scope.spawn("two", () -> awaitForEver(loop, "two"));
                                    }));

            turn(loop);

            assertThat(owner.isDone()).isTrue();
            assertThat(owner.exceptionNow()).hasMessage("of the child");
            assertThat(log).containsExactlyInAnyOrder("one cancelled", "two cancelled");
        }
    }

    @GyreTest
    void aBodyThatFailsEndsTheChildrenAllTheSame() {
        try (IOLoop loop = newLoop()) {
            Task<Object> owner =
                    loop.spawn(
                            "owner",
                            () ->
                                    TaskScope.call(scope -> {
                                        scope.spawn("child", () -> awaitForEver(loop, "child"));
                                        return fail();
                                    }));

            turn(loop);

            assertThat(owner.isDone()).isTrue();
            assertThat(owner.exceptionNow()).hasMessage("of the child");
            assertThat(log).containsExactly("child cancelled");
        }
    }

    @GyreTest
    void aScopeThatFailedSoLeavesItsOwnerAsItWas() {
        try (IOLoop loop = newLoop()) {
            Task<String> owner =
                    loop.spawn(
                            "owner",
                            () -> {
                                try {
                                    TaskScope.call(scope -> {
                                        scope.spawn("child", () -> awaitForEver(loop, "child"));
                                        return fail();
                                    });
                                } catch (Exception e) {
                                    log.add(e.getMessage());
                                }
                                Task.pause();
                                return "went on";
                            });

            turn(loop);

            assertThat(log).containsExactly("child cancelled", "of the child");
            assertThat(owner.resultNow()).isEqualTo("went on");
        }
    }

    @GyreTest
    void aLoopThatClosesEndsItsTasksAllTheSame() {
        IOLoop loop = newLoop();
        loop.spawn("task", () -> awaitForEver(loop, "task"));
        CompletableFuture<Object> exported =
                loop.spawn("other", () -> awaitForEver(loop, "other")).toCompletableFuture();
        turn(loop);
        time.failures = 3;

        assertThatCode(loop::close).doesNotThrowAnyException();

        assertThat(log).containsExactly("task cancelled", "other cancelled");
        assertThat(exported).isCompletedExceptionally();
        assertThat(poller.isClosed()).isTrue();
        assertThatThrownBy(loop::start).hasMessageContaining("it is closed");
    }

    /// `close` ends what can be ended without a clock, lets go of everything, and then says why.
    @GyreTest
    void aLoopThatNeverFindsMemoryToCloseLetsGoOfEverything(ExpectLog expected) {
        IOLoop loop = newLoop();
        List<String> closed = new ArrayList<>();
        loop.addHandler(
                new ScriptedChannel(self -> closed.add("channel")), (c, e) -> {}, IOLoop.READ);
        LoopFuture<String> future = new LoopFuture<>(loop);
        CompletableFuture<String> exported = future.toCompletableFuture();
        future.complete("value");
        CompletableFuture<String> submitted = loop.submit("submitted", () -> "never");
        time.failures = Integer.MAX_VALUE;

        assertThatThrownBy(loop::close).isInstanceOf(OutOfMemoryError.class);

        assertThat(closed).containsExactly("channel");
        assertThat(exported).isCompletedWithValue("value");
        assertThat(submitted).isCompletedExceptionally();
        assertThat(poller.isClosed()).isTrue();
        assertThat(loop.isClosed()).isTrue();
        assertThatCode(loop::close).doesNotThrowAnyException();
        expected.records().forEach(record -> expected.expect(record.logger(), record.level(), ""));
    }
}
