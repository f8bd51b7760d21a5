package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.concurrent.Callable;

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
        assertThatNullPointerException().isThrownBy(() -> loop.spawn("x", null));
        assertThatNullPointerException().isThrownBy(() -> loop.spawn(null));
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
                            return null;
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

        assertThat(dump).contains("run, age", "TaskNamesTest.selfPortrait");
    }

    private static String selfPortrait(IOLoop loop) {
        return loop.dumpTasks();
    }
}
