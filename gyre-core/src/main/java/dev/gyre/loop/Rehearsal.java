package dev.gyre.loop;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// One complete dry turn, before the first loop of the process starts.
///
/// The bare loop thread must not load or initialise a class later: it would wait for a lock that a
/// suspended coroutine may hold, and only it can resume that coroutine.
final class Rehearsal {

    private static final AtomicBoolean DONE = new AtomicBoolean();

    private Rehearsal() {}

    /// Holds the rehearsal unless that was done, or is being done, already.
    static void once() {
        if (DONE.getAndSet(true)) {
            return;
        }
        try (IOLoop loop = new IOLoop(LoopOptions.defaults().withName("gyre-rehearsal"))) {
            loop.runSync(() -> play(loop));
        }
    }

    private static boolean play(IOLoop loop) {
        loop.addCallback(() -> {});
        loop.beforePoll(() -> {});
        loop.callLater(Duration.ofHours(1), () -> {}).cancel();
        LoopFuture<Boolean> answer = new LoopFuture<>(loop);
        answer.onDone(given -> {}, failure -> {});
        loop.callLater(Duration.ZERO, () -> answer.complete(true));
        Task.pause();
        Task.sleep(Duration.ofNanos(1));
        return Task.withDeadline(Duration.ofHours(1), answer::await);
    }
}
