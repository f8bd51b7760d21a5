package dev.gyre.bench;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Parks a hundred thousand coroutines at once, five frames deep, resumes them in the order in
/// which they parked, and tells how many bytes each one takes.
///
/// The same is done with bare virtual threads, so that the difference is what Gyre adds. Memory is
/// what lives after a full collection, by class, and is measured after a warm-up: frames of code
/// that is not compiled yet take twice as much.
final class ParkedMemory {

    private static final int COROUTINES = 100_000;

    /// How many frames of the user's own there are, from the body to the one that suspends.
    private static final int FRAMES = 5;

    /// Enough for the compiler, which was seen to change its mind about what to inline until then.
    private static final int WARMUP_ROUNDS = 60;

    private static final int WARMUP_COROUTINES = COROUTINES / 10;

    /// How many coroutines there are in this round.
    private final int count;

    /// The coroutines that have been resumed, in this order.
    private final int[] order;

    private int resumed;

    private ParkedMemory(int count) {
        this.count = count;
        this.order = new int[count];
    }

    public static void main(String[] arguments) {
        System.out.printf("%d coroutines, %d frames%n", COROUTINES, FRAMES);
        for (int round = 0; round < WARMUP_ROUNDS; round++) {
            new ParkedMemory(WARMUP_COROUTINES).bare();
            new ParkedMemory(WARMUP_COROUTINES).awaitingOneFuture();
            new ParkedMemory(WARMUP_COROUTINES).awaitingFuturesOfTheirOwn();
        }
        Figures bare = new ParkedMemory(COROUTINES).bare();
        print("bare virtual threads", bare, bare);
        Figures shared = new ParkedMemory(COROUTINES).awaitingOneFuture();
        print("tasks that await one future", shared, bare);
        Figures own = new ParkedMemory(COROUTINES).awaitingFuturesOfTheirOwn();
        print("tasks that await one each", own, bare);
    }

    private static void print(String what, Figures figures, Figures bare) {
        System.out.printf(
                "%n%-28s %5d bytes (%+d, %.2f x), park %4d ns, resume in FIFO order %4d ns%n",
                what,
                figures.bytes(),
                figures.bytes() - bare.bytes(),
                (double) figures.bytes() / bare.bytes(),
                figures.parkNanos,
                figures.resumeNanos);
        figures.bytesByClass.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(entry -> System.out.printf("%8d %s%n", entry.getValue(), entry.getKey()));
    }

    /// Each per coroutine.
    private record Figures(Map<String, Long> bytesByClass, long parkNanos, long resumeNanos) {

        long bytes() {
            return bytesByClass.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private Figures bare() {
        BareCoroutine[] coroutines = new BareCoroutine[count];
        Histogram before = Histogram.take();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int number = i;
            coroutines[i] =
                    new BareCoroutine(() -> {
                        descend(FRAMES - 1, LockSupport::park);
                        wokenUp(number);
                    });
            coroutines[i].start();
        }
        long parked = System.nanoTime();
        Map<String, Long> bytes = Histogram.take().since(before, count);
        long middle = System.nanoTime();
        for (BareCoroutine coroutine : coroutines) {
            coroutine.resume();
        }
        return figures(bytes, parked - begin, System.nanoTime() - middle);
    }

    private Figures awaitingOneFuture() {
        try (IOLoop loop = new IOLoop()) {
            LoopFuture<Boolean> gate = new LoopFuture<>(loop);
            return parked(loop, ignored -> gate, () -> gate.complete(true));
        }
    }

    private Figures awaitingFuturesOfTheirOwn() {
        try (IOLoop loop = new IOLoop()) {
            List<LoopFuture<Boolean>> gates = new ArrayList<>(count);
            return parked(
                    loop,
                    ignored -> {
                        LoopFuture<Boolean> gate = new LoopFuture<>(loop);
                        gates.add(gate);
                        return gate;
                    },
                    () -> gates.forEach(gate -> gate.complete(true)));
        }
    }

    private interface Gates {
        LoopFuture<Boolean> gate(int number);
    }

    /// The loop is stopped between the steps, so that memory is measured with nobody running.
    private Figures parked(IOLoop loop, Gates gates, Runnable open) {
        runAll(loop);
        Histogram before = Histogram.take();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int number = i;
            loop.spawn(
                    "parked",
                    () -> {
                        LoopFuture<Boolean> gate = gates.gate(number);
                        descend(FRAMES - 1, gate::await);
                        wokenUp(number);
                        return true;
                    });
        }
        runAll(loop);
        long parked = System.nanoTime();
        Map<String, Long> bytes = Histogram.take().since(before, count);
        long middle = System.nanoTime();
        open.run();
        runAll(loop);
        return figures(bytes, parked - begin, System.nanoTime() - middle);
    }

    /// Runs everything that is ready.
    private static void runAll(IOLoop loop) {
        loop.addCallback(loop::stop);
        loop.start();
    }

    private Figures figures(Map<String, Long> bytes, long parkNanos, long resumeNanos) {
        if (resumed != count) {
            throw new IllegalStateException(resumed + " were resumed");
        }
        for (int i = 0; i < count; i++) {
            if (order[i] != i) {
                throw new IllegalStateException(
                        "coroutine %d was resumed as number %d".formatted(order[i], i));
            }
        }
        return new Figures(bytes, parkNanos / count, resumeNanos / count);
    }

    private static void descend(int frames, Runnable bottom) {
        if (frames <= 1) {
            bottom.run();
        } else {
            descend(frames - 1, bottom);
        }
    }

    private void wokenUp(int number) {
        order[resumed] = number;
        resumed++;
    }
}
