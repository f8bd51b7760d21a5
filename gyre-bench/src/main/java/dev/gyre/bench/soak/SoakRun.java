package dev.gyre.bench.soak;

import dev.gyre.bench.soak.Findings.Kind;
import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopSignal;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.net.TcpClient;
import dev.gyre.stream.IOStream;
import dev.gyre.sync.LoopEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/// One run: the server, the proxy, the residents, and one guest after the other on each of so many
/// chairs. Used once.
final class SoakRun {

    private static final Temper[] TEMPERS = Temper.values();
    private static final int BETWEEN_VISITS_MILLIS_MAX = 300;
    private static final long LATENCY_NANOS_MAX = TimeUnit.MINUTES.toNanos(2);

    /// How long the server may take to notice that the last ones have left.
    private static final Duration SETTLING_MAX = Duration.ofSeconds(10);

    private static final Duration SETTLING_STEP = Duration.ofMillis(50);

    private final SoakPlan plan;
    private final ChatProcess chat;
    private final Consumer<Progress> onLook;
    private final SplittableRandom random;
    private final Findings findings = new Findings();
    private final Room room = new Room(findings);
    private final Seats seats = new Seats();
    private final FaultyProxy proxy;
    private final List<Look> looks = new ArrayList<>();
    private final Map<Temper, Integer> visits = new EnumMap<>(Temper.class);
    private final Histogram latencies = newHistogram();

    /// The latencies since the last look.
    private Histogram fresh = newHistogram();

    /// When the run began and when the last guest may come, on the loop's clock.
    private long startNanos;

    private long endNanos;

    /// Set when the process is interrupted, which ends the run before its time.
    private final LoopEvent interrupted = new LoopEvent(IOLoop.current());

    /// True once the last guest has gone.
    private boolean isOver;

    /// What is told with each look.
    ///
    /// @param look the look
    /// @param told how many lines the room has told so far
    /// @param findings what went wrong so far
    /// @param isInterrupted whether it is the last, since no guest comes any more
    record Progress(Look look, long told, String findings, boolean isInterrupted) {}

    private SoakRun(SoakPlan plan, ChatProcess chat, Consumer<Progress> onLook) {
        this.plan = plan;
        this.chat = chat;
        this.onLook = onLook;
        this.random = new SplittableRandom(plan.seed());
        this.proxy =
                new FaultyProxy(chat.address(), random.nextLong(), plan.defect(), seats::excuse);
    }

    private static Histogram newHistogram() {
        return new Histogram(LATENCY_NANOS_MAX, 3);
    }

    /// Starts everything, lets it run, and tells what came of it. Takes the length of the plan, or
    /// until the process is interrupted, and some seconds until the last guest has gone.
    ///
    /// @param onLook is told of each look
    /// @throws IOException if the server does not start or does not answer
    static SoakOutcome run(SoakPlan plan, Consumer<Progress> onLook) throws IOException {
        try (ChatProcess chat = ChatProcess.start(plan.serverFlags());
                IOLoop loop = new IOLoop()) {
            return loop.runSync(() -> new SoakRun(plan, chat, onLook).play());
        }
    }

    private SoakOutcome play() throws IOException {
        long socketsBefore = chat.sockets();
        InetSocketAddress door = proxy.listen();
        startNanos = IOLoop.current().time();
        endNanos = startNanos + plan.length().toNanos();
        LoopSignal signal = IOLoop.current().onSignal("INT", this::interrupt);
        interrupted.whenSet().onDone(_ -> signal.remove(), _ -> signal.remove());
        try (proxy) {
            TaskScope.call(scope -> {
                for (int i = 0; i < SoakPlan.RESIDENTS; i++) {
                    Resident resident = new Resident(room, findings, this::record);
                    scope.spawn("resident", () -> resident.live(chat.address(), () -> !isOver));
                }
                List<Task<?>> chairs = new ArrayList<>();
                for (int i = 0; i < plan.guests(); i++) {
                    SplittableRandom chair = random.split();
                    chairs.add(scope.spawn("chair", () -> fill(chair, door)));
                }
                watch();
                chairs.forEach(Task::await);
                isOver = true;
                return true;
            });
        }
        settle(socketsBefore);
        chat.strangeLines().forEach(line -> findings.add(Kind.LOGGED, line));
        return outcome(socketsBefore);
    }

    /// Has no guest come any more, and those who are there hurry. A second signal ends the process.
    private void interrupt() {
        endNanos = Math.min(endNanos, IOLoop.current().time());
        interrupted.set();
    }

    private void record(long nanos) {
        long bounded = Math.min(nanos, LATENCY_NANOS_MAX);
        latencies.recordValue(bounded);
        fresh.recordValue(bounded);
    }

    private boolean isTime() {
        return IOLoop.current().time() - endNanos < 0;
    }

    /// Has one guest after the other on a chair.
    private boolean fill(SplittableRandom chair, InetSocketAddress door) {
        while (isTime()) {
            Task.sleep(Duration.ofMillis(chair.nextInt(BETWEEN_VISITS_MILLIS_MAX)));
            Temper temper = TEMPERS[chair.nextInt(TEMPERS.length)];
            visits.merge(temper, 1, Integer::sum);
            SplittableRandom own = chair.split();
            new Guest(room.enter(), temper, plan.stallMax(), own, interrupted).visit(door, seats);
        }
        return true;
    }

    private void watch() {
        do {
            awaitNextLook();
            Look.Server server = IOLoop.current().runInExecutor(chat::look).await();
            double seconds = (IOLoop.current().time() - startNanos) / 1e9;
            Look look = new Look(seconds, server, room.presentCount(), fresh);
            fresh = newHistogram();
            looks.add(look);
            onLook.accept(new Progress(look, room.told(), findings.latest(), interrupted.isSet()));
            if (plan.defect() == Defect.LEAK) {
                IOLoop.current().spawn("never leaves", this::neverLeave);
            }
        } while (isTime());
    }

    private void awaitNextLook() {
        try {
            interrupted.whenSet().await(plan.betweenLooks());
        } catch (DeadlineExceededException e) {
            // The connection ended as it should.
            return;
        }
    }

    /// Hears everything, and does not leave.
    private boolean neverLeave() {
        try (IOStream stream = TcpClient.connect(chat.address()).await()) {
            while (true) {
                stream.readLine().await();
            }
        }
    }

    /// Waits until the server has noticed that all have left, but not for ever.
    private void settle(long socketsBefore) throws IOException {
        long end = IOLoop.current().time() + SETTLING_MAX.toNanos();
        while (IOLoop.current().time() - end < 0
                && (chat.sockets() != socketsBefore || chat.entered() != chat.left())) {
            Task.sleep(SETTLING_STEP);
        }
    }

    private SoakOutcome outcome(long socketsBefore) throws IOException {
        return new SoakOutcome(
                plan,
                Duration.ofNanos(endNanos - startNanos),
                looks,
                visits,
                Map.of(
                        Weather.End.RESET,
                        proxy.count(Weather.End.RESET),
                        Weather.End.HALF_CLOSE,
                        proxy.count(Weather.End.HALF_CLOSE)),
                new SoakOutcome.Lines(room.told(), room.heard(), room.slow()),
                latencies,
                List.of(
                        new SoakOutcome.Balance("sockets", socketsBefore, chat.sockets()),
                        new SoakOutcome.Balance(
                                "members who entered and left", chat.entered(), chat.left())),
                findings);
    }
}
