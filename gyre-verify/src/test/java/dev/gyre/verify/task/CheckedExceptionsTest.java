package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.Body;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.Simulation;
import dev.gyre.testing.TestLoop;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// An `IOException` comes out of methods that declare none within its unchecked twin; any other
/// exception comes out as it is.
class CheckedExceptionsTest {

    private final IOException lost = new FileNotFoundException("the tide table");

    private final Exception refused = new GeneralSecurityException("no such key");

    /// Returns all that runs a block in a task and lets out what the block throws, by name.
    private static Map<String, ThrowingCallable> blocks(Exception thrown) {
        Callable<String> call =
                () -> {
                    throw thrown;
                };
        Body body = call::call;
        Map<String, ThrowingCallable> blocks = new LinkedHashMap<>();
        blocks.put("withDeadline with a value", () -> Task.withDeadline(Play.SECOND, call));
        blocks.put("withDeadline", () -> Task.withDeadline(Play.SECOND, body));
        blocks.put("shielded with a value", () -> Task.shielded(Play.SECOND, call));
        blocks.put("shielded", () -> Task.shielded(Play.SECOND, body));
        blocks.put("TaskScope.run", () -> TaskScope.run(scope -> body.run()));
        blocks.put("TaskScope.call", () -> TaskScope.call(scope -> call.call()));
        blocks.put("a child", () -> TaskScope.run(scope -> scope.spawn("child", body).observe()));
        blocks.put("TaskScope.race", () -> TaskScope.race(call));
        blocks.put(
                "await in await",
                () -> Task.withDeadline(Play.SECOND, () -> Task.shielded(Play.SECOND, body)));
        return blocks;
    }

    private static Throwable awaiting(TestLoop test, LoopFuture<?> future) {
        return new Play(test).run(() -> catchThrowable(() -> future.await()));
    }

    private void assertTwinOfLost(Throwable thrown) {
        assertThat(thrown).isExactlyInstanceOf(UncheckedIOException.class);
        assertThat(thrown.getCause()).isSameAs(lost);
    }

    @GyreTest
    void awaitThrowsTheTwinOfAnIoException(TestLoop test) {
        assertTwinOfLost(awaiting(test, LoopFuture.failed(test.loop(), lost)));
    }

    @GyreTest
    void eachWhoAwaitsGetsATwinOfItsOwnWhichShowsWhereItWaited(TestLoop test) {
        LoopFuture<?> future = LoopFuture.failed(test.loop(), lost);

        Throwable first = awaiting(test, future);
        Throwable second = awaiting(test, future);

        assertThat(first).isNotSameAs(second);
        assertThat(first.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().contains("awaiting"));
        assertThat(lost.getSuppressed()).isEmpty();
    }

    @GyreTest
    void theFutureKeepsTheFailureItself(TestLoop test) {
        LoopFuture<?> future = LoopFuture.failed(test.loop(), lost);

        awaiting(test, future);

        assertThat(future.exceptionNow()).isSameAs(lost);
    }

    @GyreTest
    void blocksLetOutTheTwinOfAnIoException(TestLoop test) {
        blocks(lost)
                .forEach((name, block) -> {
                    Throwable thrown = new Play(test).run(() -> catchThrowable(block));
                    assertThat(thrown).as(name).isExactlyInstanceOf(UncheckedIOException.class);
                    assertThat(thrown.getCause()).as(name).isSameAs(lost);
                });
    }

    @GyreTest
    void anyOtherExceptionComesOutAsItIs(TestLoop test) {
        blocks(refused)
                .forEach((name, block) ->
                        assertThat(new Play(test).run(() -> catchThrowable(block)))
                                .as(name)
                                .isSameAs(refused));
        assertThat(awaiting(test, LoopFuture.failed(test.loop(), refused))).isSameAs(refused);
    }

    @GyreTest
    void aTwinThatPassesAnotherAwaitIsNotWrappedAgain(TestLoop test) {
        Task<?> inner =
                test.loop().spawn("inner", () -> LoopFuture.failed(test.loop(), lost).await());

        assertTwinOfLost(awaiting(test, inner));
    }

    @GyreTest
    void runSyncThrowsTheTwinToo() {
        try (IOLoop loop = new IOLoop()) {
            List<Throwable> thrown = new ArrayList<>();
            thrown.add(
                    catchThrowable(() ->
                            loop.runSync(() -> {
                                throw lost;
                            })));
            thrown.add(
                    catchThrowable(
                            () -> loop.runSync(() -> LoopFuture.failed(loop, lost).await())));

            assertThat(thrown).allSatisfy(this::assertTwinOfLost);
        }
    }

    @SimTest(seeds = 1)
    void aSimulatedHostThrowsTheTwinToo(Simulation simulation) {
        Throwable thrown =
                catchThrowable(() ->
                        simulation
                                .host("a")
                                .run(() -> {
                                    throw lost;
                                }));

        assertTwinOfLost(thrown);
    }
}
