package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.ArrayList;
import java.util.List;

/// What is done to very many tasks, or very deep ones, takes its time in proportion to them.
class ManyTasksTest {

    private static final int WIDE = 20_000;
    private static final int DEEP = 10_000;
    private static final int AWAITING = 50_000;

    /// How far a dump indents; deeper tasks tell their depth.
    private static final String INDENT_MAX = "  ".repeat(32);

    @GyreTest
    void aDumpShowsEachOfManyTasks(TestLoop test) {
        for (int i = 0; i < WIDE; i++) {
            test.loop().spawn("number " + i, () -> 1);
        }

        String dump = test.loop().dumpTasks();

        assertThat(dump.lines().filter(line -> line.startsWith("  number "))).hasSize(WIDE);
        test.runUntilIdle();
    }

    /// A tree as deep as this is deeper than the stack, and a dump that indented each task by its
    /// depth would have hundreds of megabytes.
    @GyreTest
    void aDumpShowsTasksNestedDeeperThanTheStack(TestLoop test) {
        Play play = new Play(test);
        play.spawn("1", () -> spawnBelow(play, 1));
        test.runUntilIdle();

        String dump = test.loop().dumpTasks();

        assertThat(dump)
                .contains("\n" + INDENT_MAX + "32, age ")
                .contains("\n" + INDENT_MAX + "(depth 33) 33, age ")
                .contains("\n" + INDENT_MAX + "(depth " + DEEP + ") " + DEEP + ", age ");
        test.loop().tasks().forEach(Task::cancel);
        test.runUntilIdle();
    }

    private static void spawnBelow(Play play, int depth) {
        if (depth < DEEP) {
            play.spawn(String.valueOf(depth + 1), () -> spawnBelow(play, depth + 1));
        }
        Task.sleep(Play.HOUR);
    }

    @GyreTest
    void childrenComeUnderTheirParentInTheOrderOfSpawning(TestLoop test) {
        Play play = new Play(test);
        play.spawn(
                "parent",
                () -> {
                    play.spawn("child a", () -> Task.sleep(Play.HOUR));
                    play.spawn("child b", () -> Task.sleep(Play.HOUR));
                    Task.sleep(Play.HOUR);
                });
        play.spawn("other", () -> Task.sleep(Play.HOUR));
        test.runUntilIdle();

        List<String> heads =
                test.loop().dumpTasks().lines().filter(line -> line.contains(", age ")).toList();

        assertThat(heads).hasSize(4);
        assertThat(heads.get(0)).startsWith("  parent").contains("spawned at dev.gyre.verify");
        assertThat(heads.get(1)).startsWith("    child a");
        assertThat(heads.get(2)).startsWith("    child b");
        assertThat(heads.get(3)).startsWith("  other");
        test.loop().tasks().forEach(Task::cancel);
        test.runUntilIdle();
    }

    /// Newest first: each would be looked for along all that came before it, a billion links in
    /// all. That this is not done is shown, without a clock, where the list itself is tested.
    @GyreTest
    void manyWhoAwaitOneFutureAreCancelledOneByOne(TestLoop test) {
        LoopFuture<Integer> future = new LoopFuture<>(test.loop());
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < AWAITING; i++) {
            tasks.add(test.loop().spawn("waiter", () -> future.await()));
        }
        test.runUntilIdle();

        tasks.reversed().forEach(Task::cancel);
        test.runUntilIdle();

        assertThat(test.loop().tasks()).isEmpty();
        assertThat(future.isDone()).isTrue();
    }
}
