package dev.gyre.bench;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopTimer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What a timeout costs that does not come true: scheduled, and cancelled.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class TimerBenchmark {

    private static final int DELAYS = 1 << 12;

    /// How many timers are pending beside it.
    @Param({"0", "1000000"})
    public int pending;

    private final IOLoop loop = new IOLoop();
    private final Duration[] delays = new Duration[DELAYS];
    private final LoopTimer[] live = new LoopTimer[DELAYS];
    private int next;

    @Setup
    public void fill() {
        Random random = new Random(1);
        for (int i = 0; i < DELAYS; i++) {
            delays[i] = Duration.ofSeconds(3_600 + random.nextInt(3_600), random.nextInt());
        }
        for (int i = 0; i < pending; i++) {
            loop.callLater(delays[random.nextInt(DELAYS)], () -> {});
        }
        for (int i = 0; i < DELAYS; i++) {
            live[i] = loop.callLater(delays[i], () -> {});
        }
    }

    @TearDown
    public void close() {
        loop.close();
    }

    /// Each timer lives until 4,096 others have been scheduled.
    @Benchmark
    public void scheduleCancel() {
        next = (next + 1) % DELAYS;
        live[next].cancel();
        live[next] = loop.callLater(delays[next], () -> {});
    }
}
