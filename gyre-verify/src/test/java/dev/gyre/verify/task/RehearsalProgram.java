package dev.gyre.verify.task;

import dev.gyre.loop.Deadline;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import java.time.Duration;

/// Does in a first turn what loops do all the time, between two lines of output.
final class RehearsalProgram {

    private RehearsalProgram() {}

    public static void main(String[] args) {
        try (IOLoop loop = new IOLoop()) {
            loop.runSync(() -> {
                // What the program itself needs first.
                System.out.println("from " + Deadline.after(Duration.ZERO).remaining().isZero());
                play(loop);
                System.out.println("to the end");
                return null;
            });
        }
    }

    private static int play(IOLoop loop) {
        LoopFuture<Integer> answer = new LoopFuture<>(loop);
        answer.onDone(value -> {}, failure -> {});
        loop.beforePoll(() -> {});
        loop.callLater(Duration.ofHours(1), () -> {}).cancel();
        loop.callLater(Duration.ZERO, () -> answer.complete(1));
        loop.addCallback(() -> {});
        Task.pause();
        Task.sleep(Duration.ofNanos(1));
        return Task.withDeadline(Duration.ofHours(1), answer::await);
    }
}
