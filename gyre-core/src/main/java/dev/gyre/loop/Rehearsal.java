package dev.gyre.loop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// One complete dry turn, before the first loop of the process starts.
///
/// The bare loop thread must not load or initialise a class later: it would wait for a lock of the
/// class loader that a suspended coroutine may hold, and only this thread can resume that
/// coroutine. Nor may it load one when there is no memory. Even to find the `catch` of an
/// [OutOfMemoryError] takes some memory the first time, and without that the error goes past the
/// `catch`; so failures are part of the rehearsal.
final class Rehearsal {

    private static final AtomicBoolean DONE = new AtomicBoolean();

    private Rehearsal() {}

    /// Holds the rehearsal unless it was held, or is being held, already.
    static void once() {
        if (DONE.getAndSet(true)) {
            return;
        }
        LoopOptions options =
                LoopOptions.defaults()
                        .withName("gyre-rehearsal")
                        .withUncaughtHandler((where, running, failure) -> {});
        try (IOLoop loop = new IOLoop(options)) {
            // Its turns are long, since they load all classes.
            loop.watch(Duration.ZERO);
            loop.runSync(() -> play(loop));
        }
    }

    /// Ends tasks in each way in which they can end.
    private static void fail(IOLoop loop) {
        LoopFuture<Integer> never = new LoopFuture<>(loop);
        loop.spawn("cancelled", () -> never.await()).cancel();
        Task<Integer> failed = loop.spawn("failed", () -> TaskScope.call(Rehearsal::failInScope));
        Task<Integer> late =
                loop.spawn("late", () -> Task.withDeadline(Duration.ZERO, () -> never.await()));
        Task.pause();
        for (Task<Integer> each : List.of(failed, late)) {
            each.onDone(given -> {}, failure -> {});
        }
    }

    private static int failInScope(TaskScope scope) {
        return scope.spawn(
                        "child",
                        () -> {
                            throw new OutOfMemoryError("rehearsed");
                        })
                .hashCode();
    }

    /// Has the classes of handlers that fail initialised, and that of their events. Here is no
    /// channel for one: a process that has run out of descriptors could not open it.
    private static void handle() {
        HandlerState.WATCHED.after(HandlerState.Event.READY);
        HandlerEntry.load();
    }

    private static boolean play(IOLoop loop) {
        loop.addCallback(() -> {
            throw new OutOfMemoryError("rehearsed");
        });
        loop.addCallback(
                (BareCallback)
                        () -> {
                            throw new StackOverflowError("rehearsed");
                        });
        loop.reports().brokeOff(new OutOfMemoryError("rehearsed"));
        loop.beforePoll(() -> {});
        loop.callLater(Duration.ofHours(1), () -> {}).cancel();
        LoopFuture<Boolean> answer = new LoopFuture<>(loop);
        answer.onDone(given -> {}, failure -> {});
        loop.callLater(Duration.ZERO, () -> answer.complete(true));
        fail(loop);
        handle();
        // To look at a stack is what frees a loop in a shortage, and the JDK's own classes behind
        // that look would fail to be initialised then, for good.
        loop.dumpTasks();
        Task.pause();
        Task.sleep(Duration.ofNanos(1));
        return Task.withDeadline(Duration.ofHours(1), () -> answer.await());
    }
}
