package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Body;
import dev.gyre.loop.Callback;
import dev.gyre.loop.Task;
import dev.gyre.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/// The tasks of a test, and what they did in which order.
final class Play {

    /// Longer than any test waits: a wait for it ends for another reason.
    static final Duration HOUR = Duration.ofHours(1);

    static final Duration SECOND = Duration.ofSeconds(1);

    private final TestLoop test;
    private final List<Object> log = new ArrayList<>();

    Play(TestLoop test) {
        this.test = test;
    }

    /// Spawns a task without a result.
    Task<Void> spawn(String name, Callback body) {
        return test.loop().spawn(name, body(body));
    }

    /// Spawns a task that logs how it ended: its name, and the simple name of what it let out.
    Task<Void> spawnLogged(String name, Callback body) {
        return spawn(
                name,
                () -> {
                    try {
                        body.run();
                        did(name + " ended");
                    } catch (Throwable e) {
                        did(name + " " + e.getClass().getSimpleName());
                        throw e;
                    }
                });
    }

    /// Runs a task until nothing can go on, and returns its value.
    <T> T run(Callable<T> body) {
        Task<T> task = test.loop().spawn("run", body);
        task.observe();
        test.runUntilIdle();
        if (task.state() == Future.State.FAILED) {
            throw new AssertionError("the task failed", task.exceptionNow());
        }
        assertThat(task.state()).isEqualTo(Future.State.SUCCESS);
        return task.resultNow();
    }

    /// Runs a task without a result until nothing can go on.
    void run(Body body) {
        run(body(body::run));
    }

    /// Runs a task that waits for other threads, and returns its value.
    <T> T runToItsEnd(Callable<T> body) {
        Task<T> task = test.loop().spawn("run", body);
        task.observe();
        test.runUntil(task::isDone);
        if (task.state() == Future.State.FAILED) {
            throw new AssertionError("the task failed", task.exceptionNow());
        }
        return task.resultNow();
    }

    /// Runs a task that must fail until nothing can go on, and returns what it let out.
    Throwable fail(Callback body) {
        Task<Void> task = spawn("fail", body);
        task.observe();
        test.runUntilIdle();
        assertThat(task.state()).isEqualTo(Future.State.FAILED);
        return task.exceptionNow();
    }

    void did(Object what) {
        log.add(what);
    }

    List<Object> log() {
        return log;
    }

    static Callable<Void> body(Callback body) {
        return () -> {
            body.run();
            return null;
        };
    }
}
