package dev.gyre.verify.task;

import dev.gyre.loop.BareHandler;
import dev.gyre.loop.Deadline;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;

/// Does in a first turn what loops do all the time, between two lines of output.
final class RehearsalProgram {

    private RehearsalProgram() {}

    public static void main(String[] args) throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        try (IOLoop loop = new IOLoop();
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
                sink.write(ByteBuffer.allocate(1));
                heard.await();
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
        return Task.withDeadline(Duration.ofHours(1), () -> answer.await());
    }
}
