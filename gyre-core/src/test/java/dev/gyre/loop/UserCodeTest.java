package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// When the runner of user code is mounted: for a stretch of user code, and for nothing else.
class UserCodeTest {

    private static final CoroutineBody EMPTY_BODY =
            new CoroutineBody() {
                @Override
                public void run() {}

                @Override
                public void interrupted() {}
            };

    private final IOLoop loop = new IOLoop();
    private final UserCode userCode = new UserCode(loop.thread(), loop.reports(), () -> {});
    private final StepList stage = new StepList();

    /// The coroutine that was mounted at each step, as the step saw it.
    private final List<Coroutine> mounted = new ArrayList<>();

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private Step userStep() {
        return new CallbackStep(
                Context.EMPTY, () -> mounted.add(loop.thread().mounted()), "callback");
    }

    private Step bareStep() {
        return new BareStep(() -> mounted.add(loop.thread().mounted()));
    }

    /// Runs the stage as the loop does, on a thread that has entered it.
    private int runAll(Step... steps) {
        for (Step step : steps) {
            stage.add(step);
        }
        loop.thread().enter();
        try {
            return userCode.runAll(stage);
        } finally {
            loop.thread().leave();
        }
    }

    @Test
    void stepsOfTheLoopsOwnMountNothing() {
        assertThat(runAll(bareStep(), bareStep())).isEqualTo(2);

        assertThat(mounted).containsExactly(null, null);
    }

    @Test
    void aStretchOfUserCodeHasOneRunner() {
        assertThat(runAll(userStep(), userStep(), userStep())).isEqualTo(3);

        assertThat(mounted).doesNotContainNull().hasSize(3);
        assertThat(mounted.stream().distinct()).hasSize(1);
    }

    @Test
    void theRunnerIsUsedAgain() {
        runAll(userStep());
        runAll(userStep(), bareStep(), userStep());

        assertThat(mounted.get(0)).isNotNull().isSameAs(mounted.get(1)).isSameAs(mounted.get(3));
        assertThat(mounted.get(2)).isNull();
    }

    @Test
    void theRunnerIsNoTask() {
        List<Task<?>> ranBy = new ArrayList<>();

        runAll(new CallbackStep(Context.EMPTY, () -> ranBy.add(Task.currentOrNull()), "callback"));

        assertThat(ranBy).containsExactly((Task<?>) null);
    }

    /// A loop in which tasks only pause and await has no runner at all: none was ever needed.
    @Test
    void turnsWithNothingButResumptionsMountNoRunner() {
        List<String> threads = new ArrayList<>();

        loop.runSync(() -> {
            Task<Boolean> sibling = loop.spawn("sibling", this::resumedOften);
            threads.add(Thread.currentThread().getName());
            resumedOften();
            return sibling.await();
        });

        assertThat(threads).containsExactly("runSync");
        // Threads are numbered as they are made: the runner is younger than all of that.
        long youngest = coroutine().thread().threadId();
        List<Long> runner = new ArrayList<>();
        loop.addCallback(() -> runner.add(Thread.currentThread().threadId()));
        loop.addCallback(loop::stop);
        loop.start();
        assertThat(runner).singleElement().satisfies(id -> assertThat(id).isGreaterThan(youngest));
    }

    @Test
    void aStageOfResumptionsMakesNoRunner() {
        Coroutine[] resumed = {coroutine(), coroutine()};

        runAll(resumed[0].waiter(), resumed[1].waiter());

        Coroutine younger = coroutine();
        runAll(userStep());
        assertThat(resumed).allMatch(Coroutine::begun);
        assertThat(mounted.getFirst().thread().threadId())
                .isGreaterThan(younger.thread().threadId());
    }

    private Coroutine coroutine() {
        return Coroutines.chosen().create(loop.thread(), Context.EMPTY, "a coroutine", EMPTY_BODY);
    }

    private boolean resumedOften() {
        for (int i = 0; i < 100; i++) {
            Task.pause();
            LoopFuture<Integer> future = new LoopFuture<>(loop);
            loop.spawn("completer", () -> future.complete(1));
            future.await();
        }
        return true;
    }
}
