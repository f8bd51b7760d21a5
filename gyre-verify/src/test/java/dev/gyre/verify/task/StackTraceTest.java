package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// An exception shows the user's frames, wherever it was born.
class StackTraceTest {

    private static final String[] THREE_FRAMES = {
        "StackTraceTest.inner(", "StackTraceTest.middle(", "StackTraceTest.outer("
    };

    private static Object outer(Supplier<?> work) {
        Task.pause();
        Object value = middle(work);
        Task.pause();
        return value;
    }

    private static Object middle(Supplier<?> work) {
        Task.pause();
        Object value = inner(work);
        Task.pause();
        return value;
    }

    private static Object inner(Supplier<?> work) {
        Task.pause();
        Object value = work.get();
        Task.pause();
        return value;
    }

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static List<Throwable> awaitedAt(Throwable failure) {
        return Stream.of(failure.getSuppressed())
                .filter(each -> each.getClass().getSimpleName().equals("AwaitedAt"))
                .toList();
    }

    @GyreTest
    void anExceptionThrownThreeSuspendedCallsDeepShowsAllThree(TestLoop test) {
        Throwable thrown =
                new Play(test)
                        .fail(() ->
                                outer(() -> {
                                    throw new IllegalArgumentException("deep");
                                }));

        assertThat(printed(thrown)).containsSubsequence(THREE_FRAMES);
        assertThat(thrown.getSuppressed()).isEmpty();
    }

    @GyreTest
    void aFailureOfAnExecutorAwaitedThreeCallsDeepShowsAllThree(TestLoop test) {
        Throwable thrown =
                new Play(test)
                        .fail(() ->
                                outer(() ->
                                        test.loop()
                                                .runInExecutor(StackTraceTest::failElsewhere)
                                                .await()));

        assertThat(thrown).isExactlyInstanceOf(GeneralSecurityException.class);
        assertThat(printed(thrown))
                .contains("StackTraceTest.failElsewhere(")
                .containsSubsequence(THREE_FRAMES);
    }

    private static Object failElsewhere() throws GeneralSecurityException {
        throw new GeneralSecurityException("elsewhere");
    }

    @GyreTest
    void aFailureOfACallbackAwaitedThreeCallsDeepShowsAllThree(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        test.loop()
                .callLater(
                        Play.SECOND, () -> future.fail(new GeneralSecurityException("callback")));
        Task<Object> task = test.loop().spawn("waiter", () -> outer(future::await));
        task.observe();

        test.advance(Play.SECOND);

        assertThat(printed(task.exceptionNow())).containsSubsequence(THREE_FRAMES);
        assertThat(awaitedAt(task.exceptionNow()))
                .singleElement()
                .satisfies(each -> assertThat(each).hasMessageContaining("task waiter"));
    }

    @GyreTest
    void aFailureOfAStageAwaitedThreeCallsDeepShowsAllThree(TestLoop test) {
        CompletableFuture<String> stage =
                CompletableFuture.failedFuture(new GeneralSecurityException("stage"));

        Throwable thrown = new Play(test).fail(() -> outer(() -> test.loop().adopt(stage).await()));

        assertThat(printed(thrown)).containsSubsequence(THREE_FRAMES);
    }

    @GyreTest
    void aFailureOfAnotherTaskShowsBothStacks(TestLoop test) {
        Throwable thrown =
                new Play(test)
                        .fail(() ->
                                outer(() ->
                                        test.loop()
                                                .spawn("child", StackTraceTest::failElsewhere)
                                                .await()));

        assertThat(printed(thrown))
                .contains("StackTraceTest.failElsewhere(")
                .containsSubsequence(THREE_FRAMES);
    }

    @GyreTest
    void aFailureThatWasThereAlreadyShowsWhoAwaitedItToo(TestLoop test) {
        LoopFuture<String> failed =
                LoopFuture.failed(test.loop(), new GeneralSecurityException("there"));

        Throwable thrown = new Play(test).fail(() -> outer(failed::await));

        assertThat(printed(thrown)).containsSubsequence(THREE_FRAMES);
    }

    @GyreTest
    void aDeadlineThatPassesThreeCallsDeepShowsAllThree(TestLoop test) {
        LoopFuture<String> never = new LoopFuture<>(test.loop());
        Task<Object> task =
                test.loop()
                        .spawn(
                                "waiter",
                                () -> Task.withDeadline(Play.SECOND, () -> outer(never::await)));
        task.observe();

        test.advance(Play.SECOND);

        assertThat(printed(task.exceptionNow())).containsSubsequence(THREE_FRAMES);
    }

    @GyreTest
    void eachAwaiterIsShownOnceAndAtMostFour(TestLoop test) {
        GeneralSecurityException failure = new GeneralSecurityException("shared");
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        List<Task<Throwable>> waiters = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            waiters.add(test.loop().spawn("waiter " + i, () -> catchThrowable(future::await)));
        }
        test.runUntilIdle();

        future.fail(failure);
        test.runUntilIdle();

        assertThat(waiters).allMatch(each -> each.resultNow() == failure);
        assertThat(awaitedAt(failure))
                .extracting(Throwable::getMessage)
                .containsExactly(
                        "in task waiter 0",
                        "in task waiter 1",
                        "in task waiter 2",
                        "in task waiter 3");
    }

    @GyreTest
    void anAwaiterThatAsksAgainIsNotShownAgain(TestLoop test) {
        GeneralSecurityException failure = new GeneralSecurityException("again");
        LoopFuture<String> future = LoopFuture.failed(test.loop(), failure);

        new Play(test)
                .run(() -> {
                    for (int i = 0; i < 3; i++) {
                        assertThat(catchThrowable(future::await)).isSameAs(failure);
                    }
                    return null;
                });

        assertThat(awaitedAt(failure)).hasSize(1);
    }

    @GyreTest
    void aFailureOnItsWayThroughThreeTasksShowsThemAll(TestLoop test) {
        Throwable thrown = new Play(test).fail(() -> chain(test.loop(), 3));

        assertThat(thrown).hasMessage("at the end");
        assertThat(awaitedAt(thrown))
                .extracting(Throwable::getMessage)
                .containsExactly("in task level 2", "in task level 3", "in task fail");
    }

    private static Object chain(IOLoop loop, int levels) throws GeneralSecurityException {
        if (levels == 0) {
            throw new GeneralSecurityException("at the end");
        }
        return loop.spawn("level " + levels, () -> chain(loop, levels - 1)).await();
    }

    @GyreTest
    void aFailureThatRefusesSuppressedOnesIsThrownAsItIs(TestLoop test) {
        Throwable stubborn = new Stubborn();

        Throwable thrown = new Play(test).fail(LoopFuture.failed(test.loop(), stubborn)::await);

        assertThat(thrown).isSameAs(stubborn);
    }

    private static final class Stubborn extends Exception {

        Stubborn() {
            super("stubborn", null, false, false);
        }
    }

    @GyreTest
    void aFailureOfAChildShowsWhoOpenedTheScope(TestLoop test) {
        Throwable thrown =
                new Play(test)
                        .fail(() ->
                                outer(() ->
                                        TaskScope.call(scope -> {
                                            scope.spawn("child", StackTraceTest::failElsewhere);
                                            Task.sleep(Play.HOUR);
                                            return null;
                                        })));

        assertThat(printed(thrown))
                .contains("StackTraceTest.failElsewhere(")
                .containsSubsequence(THREE_FRAMES);
        assertThat(awaitedAt(thrown)).hasSize(1);
    }

    @GyreTest
    void aFailureOfTheBodyOfAScopeShowsItsFramesOnce(TestLoop test) {
        Throwable thrown =
                new Play(test)
                        .fail(() ->
                                outer(() ->
                                        TaskScope.call(scope -> {
                                            throw new GeneralSecurityException("body");
                                        })));

        assertThat(printed(thrown)).containsSubsequence(THREE_FRAMES);
        assertThat(thrown.getSuppressed()).isEmpty();
    }
}
