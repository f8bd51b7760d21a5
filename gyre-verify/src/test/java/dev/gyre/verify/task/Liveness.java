package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Callback;
import dev.gyre.loop.Task;
import dev.gyre.testing.TestLoop;

/// Shows that a call of the JDK suspends its coroutine, and not its loop.
///
/// No clock is needed: the call is ended by another coroutine of the same loop, after some turns in
/// which it was blocked. On a loop that froze, that would never come.
final class Liveness {

    private static final int TURNS = 5;

    /// Whether the call is under way: from just before it until just after it.
    private boolean inside;

    private int ticks;

    private Liveness() {}

    /// Makes the call in one coroutine, and ends it in another that has seen it blocked.
    static void loopLives(TestLoop test, Callback call, Callback end) {
        new Liveness().show(test, call, end);
    }

    private void show(TestLoop test, Callback call, Callback end) {
        Play play = new Play(test);
        Task<Void> caller =
                play.spawn(
                        "caller",
                        () -> {
                            inside = true;
                            call.run();
                            inside = false;
                        });
        caller.observe();
        Task<Void> other =
                play.spawn(
                        "other",
                        () -> {
                            for (int i = 0; i < TURNS; i++) {
                                Task.pause();
                                ticks += inside ? 1 : 0;
                            }
                            end.run();
                        });
        other.observe();
        test.runUntil(() -> caller.isDone() && other.isDone());
        caller.resultNow();
        other.resultNow();
        assertThat(ticks).as("turns in which the call was blocked").isEqualTo(TURNS);
        assertThat(inside).isFalse();
    }
}
