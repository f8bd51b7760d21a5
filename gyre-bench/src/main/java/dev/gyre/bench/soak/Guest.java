package dev.gyre.bench.soak;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.net.TcpClient;
import dev.gyre.stream.IOStream;
import dev.gyre.sync.LoopEvent;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Visits the room once, through the proxy.
final class Guest {

    /// Longer than anything takes that happens on the way. The longest is a kernel that had to drop
    /// what came for somebody who stalled: its peer tries again after up to two minutes. As
    /// residents talk all the time, whoever is in the room hears something in that time.
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration MOMENT = Duration.ofMillis(50);

    private static final int LINES_MAX = 30;
    private static final int SILENCE_MILLIS_MAX = 400;
    private static final int FLOOD_LINES_MIN = 100;
    private static final int FLOOD_LINES_MAX = 3000;

    private final Room.Member member;
    private final Temper temper;
    private final Duration stallMax;
    private final SplittableRandom random;

    /// Set when the visit is to come to its end without delay.
    private final LoopEvent hurry;

    /// How many lines the guest has said.
    private int said;

    /// The last line of the guest; null as long as there may be more.
    private @Nullable Line lastLine;

    /// @param stallMax how long it stops reading at most, if that is its temper
    /// @param hurry set when it is to come to its end without delay
    Guest(
            Room.Member member,
            Temper temper,
            Duration stallMax,
            SplittableRandom random,
            LoopEvent hurry) {
        this.member = member;
        this.temper = temper;
        this.stallMax = stallMax;
        this.random = random;
        this.hurry = hurry;
    }

    /// What it said is heard by nobody.
    private static final class DeafRoomException extends RuntimeException {

        @Serial private static final long serialVersionUID = 1;
    }

    /// Enters, behaves, and leaves or is cut off. In a task.
    ///
    /// @param door where to enter
    /// @param seats where the proxy finds the member whose connection it breaks
    void visit(InetSocketAddress door, Seats seats) {
        try (IOStream stream = TcpClient.connect(door).await()) {
            if (temper == Temper.STALLING) {
                // What the kernel takes for the guest, the guest has not read.
                stream.setOption(StandardSocketOptions.SO_RCVBUF, FaultyProxy.NARROW_BYTES);
            }
            try (Seats.Seat _ = seats.take(stream.localAddress(), member)) {
                Task.withDeadline(
                        PATIENCE,
                        () ->
                                TaskScope.call(scope -> {
                                    scope.spawn("listen", () -> listen(stream));
                                    behave(stream);
                                    return true;
                                }));
                member.left();
            }
        } catch (DeadlineExceededException e) {
            member.unheard("hears nothing");
        } catch (DeafRoomException e) {
            member.unheard("is not heard");
        } catch (UncheckedIOException e) {
            member.ended(String.valueOf(e.getMessage()));
        }
    }

    /// Hears everything up to its own last line.
    private boolean listen(IOStream stream) {
        int stallAt = temper == Temper.STALLING ? random.nextInt(1, LINES_MAX) : -1;
        int heard = 0;
        while (true) {
            if (heard == stallAt) {
                dally(millis(0, (int) stallMax.toMillis()));
            }
            Line line = member.hear(stream.readLine().await(PATIENCE));
            heard++;
            if (line != null && line.equals(lastLine)) {
                return true;
            }
        }
    }

    private void behave(IOStream stream) {
        switch (temper) {
            case CALM, STALLING -> talk(stream, random.nextInt(LINES_MAX));
            case HASTY -> talk(stream, 0);
            case FLOODING -> flood(stream);
            case RESETTING -> reset(stream);
            case BREAKING -> breakOff(stream);
        }
    }

    private void talk(IOStream stream, int lines) {
        chat(stream, lines);
        sayLast(stream);
    }

    private void chat(IOStream stream, int lines) {
        for (int i = 0; i < lines && !hurry.isSet(); i++) {
            say(stream);
            dally(millis(0, SILENCE_MILLIS_MAX));
        }
    }

    /// Waits for a time, or until there is hurry.
    private void dally(Duration time) {
        try {
            hurry.whenSet().await(time);
        } catch (DeadlineExceededException e) {
            // There was no hurry.
            return;
        }
    }

    private void say(IOStream stream) {
        stream.write(new Line(member.author(), said).text() + "\n");
        said++;
    }

    private void flood(IOStream stream) {
        int lines = random.nextInt(FLOOD_LINES_MIN, FLOOD_LINES_MAX);
        for (int i = 0; i < lines && !hurry.isSet(); i++) {
            say(stream);
            stream.drain().await();
        }
        sayLast(stream);
    }

    private void sayLast(IOStream stream) {
        Line line = new Line(member.author(), said);
        lastLine = line;
        say(stream);
        while (!isTold(line)) {
            // A guest that the room has cut off is heard no more, and may not know it yet.
            if (!member.isFarBehind()) {
                throw new DeafRoomException();
            }
        }
    }

    /// Waits until somebody hears a line. It may itself be behind and hear it much later.
    private boolean isTold(Line line) {
        try {
            return Task.withDeadline(
                    PATIENCE,
                    () -> {
                        while (!member.hasTold(line)) {
                            Task.sleep(MOMENT);
                        }
                        return true;
                    });
        } catch (DeadlineExceededException e) {
            return false;
        }
    }

    private void reset(IOStream stream) {
        chat(stream, random.nextInt(LINES_MAX));
        member.excuse("it resets its connection");
        if (stream.isOpen()) {
            // Not to linger makes the kernel send a reset.
            stream.setOption(StandardSocketOptions.SO_LINGER, 0);
            stream.close();
        }
    }

    private void breakOff(IOStream stream) {
        chat(stream, random.nextInt(LINES_MAX));
        member.excuse("it breaks off");
        String text = new Line(member.author(), said).text();
        stream.write(text.substring(0, random.nextInt(1, text.length())));
        stream.shutdownOutput().await();
    }

    private Duration millis(int min, int max) {
        return Duration.ofMillis(random.nextInt(min, max));
    }
}
