package dev.gyre.bench.soak;

import dev.gyre.bench.soak.Findings.Kind;
import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.net.TcpClient;
import dev.gyre.stream.IOStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A member that is in the room all the time, on a connection of its own without the proxy, and
/// must not be cut off. It says a line, waits until it hears it, and after a moment says the next.
final class Resident {

    private static final Duration MOMENT = Duration.ofMillis(50);

    /// After so long without its own line, the line is taken for lost.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Room room;
    private final Room.Member member;
    private final Findings findings;
    private final LongConsumer latencyNanos;

    /// How many lines the resident has said.
    private int said;

    /// The line that the resident waits for; null between two lines.
    private @Nullable Awaited awaited;

    /// True once the line that the resident waits for is its last.
    private boolean isLeaving;

    private record Awaited(Line line, LoopFuture<Long> heardNanos) {}

    /// @param latencyNanos is told how long each line took
    Resident(Room room, Findings findings, LongConsumer latencyNanos) {
        this.room = room;
        this.member = room.enter();
        this.findings = findings;
        this.latencyNanos = latencyNanos;
    }

    /// Enters and stays. In a task.
    ///
    /// @param isStaying asked before each line
    boolean live(InetSocketAddress server, BooleanSupplier isStaying) {
        try (IOStream stream = TcpClient.connect(server).await()) {
            return TaskScope.call(scope -> {
                scope.spawn("listen", () -> listen(stream));
                while (isStaying.getAsBoolean()) {
                    pulse(stream);
                    Task.sleep(MOMENT);
                }
                // The wait is repeated: what ended meanwhile is to be judged.
                isLeaving = true;
                pulse(stream);
                member.left();
                return true;
            });
        } catch (DeadlineExceededException e) {
            member.unheard("is not heard");
            return false;
        } catch (UncheckedIOException e) {
            member.left();
            findings.add(Kind.CUT_OFF, "%s, which reads all the time: %s".formatted(member, e));
            return false;
        }
    }

    private void pulse(IOStream stream) {
        Line line = new Line(member.author(), said);
        said++;
        Awaited next = new Awaited(line, new LoopFuture<>(stream.loop()));
        awaited = next;
        Room.Pulse pulse = room.pulse();
        long start = stream.loop().time();
        stream.write(line.text() + "\n");
        latencyNanos.accept(next.heardNanos().await(PATIENCE) - start);
        pulse.heard();
    }

    /// Hears everything up to its own last line.
    private boolean listen(IOStream stream) {
        while (true) {
            Line line = member.hear(stream.readLine().await());
            Awaited waiting = awaited;
            if (waiting != null && waiting.line().equals(line)) {
                awaited = null;
                waiting.heardNanos().complete(stream.loop().time());
                if (isLeaving) {
                    return true;
                }
            }
        }
    }
}
