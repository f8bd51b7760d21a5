package dev.gyre.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The floor under [SwitchBenchmark]: park, unpark and resume without a loop.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class BareSwitchBenchmark {

    private static final int SWITCHES = 6_400;
    private static final int COROUTINES = 64;

    private final BareCoroutine[] coroutines = new BareCoroutine[COROUTINES];

    private boolean ended;

    @Setup
    public void begin() {
        for (int i = 0; i < COROUTINES; i++) {
            coroutines[i] = new BareCoroutine(this::parkUntilTheEnd);
            coroutines[i].start();
        }
    }

    private void parkUntilTheEnd() {
        while (!ended) {
            LockSupport.park(this);
        }
    }

    @TearDown
    public void end() {
        ended = true;
        for (BareCoroutine coroutine : coroutines) {
            coroutine.resume();
        }
    }

    /// Resumes the same coroutine again and again.
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public void one() {
        for (int i = 0; i < SWITCHES; i++) {
            coroutines[0].resume();
        }
    }

    /// Resumes coroutines in turn, as a loop does that serves many.
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public void inTurn() {
        for (int i = 0; i < SWITCHES; i++) {
            coroutines[i % COROUTINES].resume();
        }
    }
}
