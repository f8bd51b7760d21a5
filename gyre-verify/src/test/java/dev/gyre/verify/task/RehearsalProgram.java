package dev.gyre.verify.task;

import dev.gyre.loop.BareHandler;
import dev.gyre.loop.Deadline;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;

/// A program that does in a first turn what loops do all the time, between two lines of output.
final class RehearsalProgram {

    private RehearsalProgram() {}

    public static void main(String[] args) throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        Pipe failing = Pipe.open();
        failing.source().configureBlocking(false);
        failing.sink().write(ByteBuffer.allocate(1));
        LoopOptions silent =
                LoopOptions.defaults().withUncaughtHandler((where, running, failure) -> {});
        try (IOLoop loop = new IOLoop(silent);
                Pipe.SinkChannel sink = pipe.sink()) {
            loop.runSync(() -> {
                LoopFuture<Integer> heard = new LoopFuture<>(loop);
                BareHandler<Pipe.SourceChannel> handler =
                        (source, events) -> {
                            loop.removeHandler(source);
                            heard.complete(events);
                        };
                loop.addHandler(pipe.source(), handler, IOLoop.READ);
                // What the program itself needs first.
                System.out.println("from " + Deadline.after(Duration.ZERO).remaining().isZero());
                play(loop);
                failTwice(loop, failing);
                sink.write(ByteBuffer.allocate(1));
                heard.await();
                System.out.println("to the end");
            });
        }
    }

    /// Has a handler fail on the bare thread until it is paused.
    private static void failTwice(IOLoop loop, Pipe pipe) {
        LoopFuture<Integer> failed = new LoopFuture<>(loop);
        int[] calls = new int[1];
        BareHandler<Pipe.SourceChannel> handler =
                (source, events) -> {
                    calls[0]++;
                    if (calls[0] == 2) {
                        failed.complete(events);
                    }
                    throw new IllegalStateException("deliberate");
                };
        loop.addHandler(pipe.source(), handler, IOLoop.READ);
        failed.await();
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
        return Task.withDeadline(Duration.ofHours(1), () -> answer.await());
    }
}
