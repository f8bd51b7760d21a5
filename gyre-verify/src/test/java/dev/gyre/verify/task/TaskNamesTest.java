package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.gyre.loop.Body;
import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// Names, the list of live tasks, and the dump of their tree.
class TaskNamesTest {

    @GyreTest
    void aTaskHasTheNameItWasGiven(TestLoop test) {
        Task<Integer> task = test.loop().spawn("fetch /index", () -> 1);

        assertThat(task.name()).isEqualTo("fetch /index");
        assertThat(task).hasToString("task fetch /index");
        test.runUntilIdle();
        assertThat(task.name()).isEqualTo("fetch /index");
    }

    @GyreTest
    void aTaskWithoutANameBearsThatOfItsBodysClass(TestLoop test) {
        Task<Integer> task = test.loop().spawn(new Answer());
        test.runUntilIdle();

        assertThat(task.name()).isEqualTo(Answer.class.getName());
    }

    private static final class Answer implements Callable<Integer> {

        @Override
        public Integer call() {
            return 42;
        }
    }

    @GyreTest
    void theThreadOfACoroutineBearsTheNameOfItsTask(TestLoop test) {
        String name =
                new Play(test)
                        .run(() -> test.loop().spawn("named", TaskNamesTest::threadName).await());

        assertThat(name).isEqualTo("named");
    }

    private static String threadName() {
        return Thread.currentThread().getName();
    }

    @GyreTest
    void aTaskNeedsANameAndABody(IOLoop loop) {
        assertThatNullPointerException().isThrownBy(() -> loop.spawn(null, () -> 1));
        assertThatNullPointerException().isThrownBy(() -> loop.spawn("x", (Body) null));
        assertThatNullPointerException().isThrownBy(() -> loop.spawn((Body) null));
        assertThat(loop.tasks()).isEmpty();
    }

    @GyreTest
    void liveTasksAreListedInTheOrderInWhichTheyWereSpawned(TestLoop test) {
        Play play = new Play(test);
        Task<Void> first = play.spawn("first", () -> Task.sleep(Play.SECOND));
        Task<Void> second = play.spawn("second", Task::pause);
        Task<Void> third = play.spawn("third", () -> Task.sleep(Play.SECOND));
        assertThat(test.loop().tasks()).containsExactly(first, second, third);

        test.runUntilIdle();
        assertThat(test.loop().tasks()).containsExactly(first, third);

        test.advance(Play.SECOND);
        assertThat(test.loop().tasks()).isEmpty();
    }

    @GyreTest
    void theListIsACopy(TestLoop test) {
        new Play(test).spawn("one", Task::pause);

        test.loop().tasks().clear();

        assertThat(test.loop().tasks()).hasSize(1);
        test.runUntilIdle();
    }

    @GyreTest
    void aDumpWithoutTasksSaysSo(TestLoop test) {
        assertThat(test.loop().dumpTasks()).contains(test.loop().name(), "0 tasks");
    }

    @GyreTest
    void aDumpTellsAgeAndWhatIsAwaitedSinceWhen(TestLoop test) {
        LoopFuture<String> answer = new LoopFuture<>(test.loop());
        Play play = new Play(test);
        play.spawn(
                "asker",
                () -> {
                    Task.sleep(Play.SECOND);
                    answer.await();
                });
        test.advance(Play.SECOND);
        test.advance(Play.SECOND.multipliedBy(2));

        String dump = test.loop().dumpTasks();

        assertThat(dump)
                .contains("asker, age 3 s")
                .containsPattern("awaits LoopFuture\\[RUNNING.* for 2 s");
        answer.complete("x");
        test.runUntilIdle();
    }

    @GyreTest
    void aDumpShowsWhereATaskWaits(TestLoop test) {
        LoopFuture<String> answer = new LoopFuture<>(test.loop());
        new Play(test).spawn("asker", () -> askTheOracle(answer));
        test.runUntilIdle();

        String dump = test.loop().dumpTasks();

        assertThat(dump)
                .contains("TaskNamesTest.askTheOracle", "TaskNamesTest.waitForTheOracle")
                .doesNotContain("VirtualThread", "LockSupport", "Coroutine");
        answer.complete("x");
        test.runUntilIdle();
    }

    private static void askTheOracle(LoopFuture<String> answer) {
        waitForTheOracle(answer);
    }

    private static void waitForTheOracle(LoopFuture<String> answer) {
        answer.await();
    }

    @GyreTest
    void aDumpShowsChildrenBelowTheirParents(TestLoop test) {
        Play play = new Play(test);
        play.spawn(
                "parent",
                () ->
                        TaskScope.run(scope -> {
                            scope.spawn("child", Play.body(() -> Task.sleep(Play.SECOND)));
                        }));
        play.spawn("stranger", () -> Task.sleep(Play.SECOND));
        test.runUntilIdle();

        String dump = test.loop().dumpTasks();

        assertThat(dump)
                .containsSubsequence("\n  parent", "\n    child", "\n  stranger")
                .startsWith(test.loop().name() + ": 3 tasks");
        test.advance(Play.SECOND);
    }

    @GyreTest
    void theChildOfAnEndedTaskStandsAtTheRoot(TestLoop test) {
        Play play = new Play(test);
        play.spawn("parent", () -> play.spawn("orphan", () -> Task.sleep(Play.SECOND)));
        test.runUntilIdle();

        assertThat(test.loop().dumpTasks()).contains("\n  orphan").doesNotContain("parent");
        test.advance(Play.SECOND);
    }

    @GyreTest
    void aTaskThatHasNotBegunIsInTheDump(TestLoop test) {
        new Play(test).spawn("future star", Task::pause);

        assertThat(test.loop().dumpTasks()).contains("future star, age 0 ms");
        test.runUntilIdle();
    }

    @GyreTest
    void aTaskCanDumpItself(TestLoop test) {
        String dump = new Play(test).run(() -> selfPortrait(test.loop()));

        assertThat(dump)
                .contains("run, age", "TaskNamesTest.selfPortrait")
                .doesNotContain("getStackTrace");
    }

    private static String selfPortrait(IOLoop loop) {
        return loop.dumpTasks();
    }

    /// What a task awaits, as the dump names it.
    private static String awaited(TestLoop test, Callback body) {
        new Play(test).spawn("asker", body);
        test.runUntilIdle();
        String dump = test.loop().dumpTasks();
        test.loop().tasks().forEach(Task::cancel);
        test.runUntilIdle();
        return dump.lines().filter(line -> line.contains("asker")).findAny().orElseThrow();
    }

    @GyreTest
    void aDumpNamesWhatIsAwaited(TestLoop test) {
        IOLoop loop = test.loop();
        Executor never = job -> {};
        LoopFuture<String> pending = new LoopFuture<>(loop);
        LoopFuture<String> part = new LoopFuture<>(loop);

        assertThat(awaited(test, () -> loop.runInExecutor(never, () -> 1).await()))
                .contains("awaits LoopFuture[RUNNING, runInExecutor(" + getClass().getName());
        assertThat(awaited(test, () -> loop.adopt(new CompletableFuture<>()).await()))
                .contains("IOLoop.adopt");
        assertThat(awaited(test, () -> LoopFuture.all(List.of(part)).await()))
                .contains("LoopFuture.all");
        assertThat(awaited(test, () -> LoopFuture.any(List.of(new LoopFuture<>(loop))).await()))
                .contains("LoopFuture.any");
        assertThat(awaited(test, () -> new LoopFuture<>(loop).map(String::valueOf).await()))
                .contains("LoopFuture.map");
        assertThat(
                        awaited(
                                test,
                                () ->
                                        LoopFuture.inCompletionOrder(
                                                        List.of(new LoopFuture<>(loop)))
                                                .next()
                                                .await()))
                .contains("CompletionOrder.next");
        assertThat(awaited(test, () -> Task.sleep(Play.SECOND))).contains("a sleep of 1 s");
        assertThat(awaited(test, () -> loop.spawn("child", () -> pending.await()).await()))
                .contains("awaits task child");
    }

    @GyreTest
    void aDumpTellsWhoAwaitsTheTasksOfItsScope(TestLoop test) {
        LoopFuture<String> pending = new LoopFuture<>(test.loop());

        assertThat(
                        awaited(
                                test,
                                () ->
                                        TaskScope.call(scope ->
                                                scope.spawn("child", () -> pending.await()))))
                .contains("awaits LoopFuture[RUNNING, the tasks of its scope]");
        assertThat(awaited(test, () -> TaskScope.race(new LoopFuture<>(test.loop())::await)))
                .contains("TaskScope.race");
    }

    @GyreTest
    void theThreadDumpOfTheJdkNamesTasks(TestLoop test, @TempDir Path folder) throws IOException {
        LoopFuture<String> answer = new LoopFuture<>(test.loop());
        new Play(test).spawn("asker of the oracle", () -> askTheOracle(answer));
        test.runUntilIdle();
        Path file = folder.resolve("threads.txt");

        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);

        assertThat(Files.readString(file))
                .containsSubsequence("\"asker of the oracle\" virtual", "waitForTheOracle");
        answer.complete("x");
        test.runUntilIdle();
    }

    @GyreTest
    void aDumpSurvivesANameThatFails(TestLoop test) {
        Runnable nameless =
                new Runnable() {
                    @Override
                    public void run() {}

                    @Override
                    public String toString() {
                        throw new UnsupportedOperationException();
                    }
                };
        LoopFuture<String> future = new LoopFuture<>(test.loop(), nameless);

        assertThat(awaited(test, future::await))
                .contains("toString failed with java.lang.UnsupportedOperationException");
    }

    @GyreTest
    @Tag("carrier")
    void aDumpShowsCallbacksThatAreBlocked(TestLoop test) {
        CountDownLatch release = new CountDownLatch(1);
        List<String> ends = new ArrayList<>();
        Callback blocked =
                new Callback() {
                    @Override
                    public void run() throws InterruptedException {
                        release.await();
                        ends.add("released");
                    }

                    @Override
                    public String toString() {
                        return "that waits";
                    }
                };
        test.loop().addCallback(blocked);
        test.runUntilIdle();

        String dump = test.loop().dumpTasks();

        assertThat(dump)
                .containsSubsequence(
                        "0 tasks",
                        "1 callback blocked in calls of the JDK",
                        "\n  callback that waits\n",
                        "\n      at ",
                        "CountDownLatch.await",
                        "TaskNamesTest")
                .doesNotContain("UserCode", "VirtualThread");
        release.countDown();
        test.runUntil(() -> !ends.isEmpty());
        assertThat(test.loop().dumpTasks()).doesNotContain("callback");
    }
}
