package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Callback;
import dev.gyre.loop.Task;
import dev.gyre.testing.TestLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/// The tasks of a test, on its loop, and what they did in which order.
final class Crew {

    private final TestLoop test;
    private final List<Object> log = new ArrayList<>();

    Crew(TestLoop test) {
        this.test = test;
    }

    /// Spawns a task without a result.
    Task<Void> spawn(String name, Callback body) {
        return test.loop()
                .spawn(
                        name,
                        () -> {
                            body.run();
                            return null;
                        });
    }

    /// Spawns a task, runs the loop until nothing can go on, and expects the task to have ended.
    void run(Callback body) {
        Task<Void> task = spawn("run", body);
        test.runUntilIdle();
        if (task.state() == Future.State.FAILED) {
            throw new AssertionError("the task failed", task.exceptionNow());
        }
        assertThat(task.state()).isEqualTo(Future.State.SUCCESS);
    }

    void did(Object what) {
        log.add(what);
    }

    List<Object> log() {
        return log;
    }
}
