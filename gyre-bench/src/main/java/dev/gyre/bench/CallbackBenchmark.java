package dev.gyre.bench;

import dev.gyre.loop.IOLoop;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What a callback costs from `addCallback` on the loop's own thread until it has run.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallbackBenchmark {

    private static final int CALLBACKS = 6_400;

    /// How many callbacks there are in a turn.
    @Param({"1", "64"})
    public int perTurn;

    private final IOLoop loop = new IOLoop();

    /// How many callbacks are yet to run.
    private int left;

    @TearDown
    public void close() {
        loop.close();
    }

    @Benchmark
    @OperationsPerInvocation(CALLBACKS)
    public void onTheLoop() {
        left = CALLBACKS;
        for (int i = 0; i < perTurn; i++) {
            loop.addCallback(this::again);
        }
        loop.start();
    }

    private void again() {
        left--;
        if (left >= perTurn) {
            loop.addCallback(this::again);
        } else if (left == 0) {
            loop.stop();
        }
    }
}
