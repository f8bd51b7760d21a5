package dev.gyre.bench;

import dev.gyre.loop.IOLoop;
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

/// What it costs to have callbacks run by a loop on another thread, until the last one has run.
///
/// One call is the way to a sleeping loop and back; divided by the number of callbacks it is the
/// cost of one. Most of it is the kernel's wake-up, which depends on how idle the machine is.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ForeignCallbackBenchmark {

    /// How many callbacks there are in a burst.
    @Param({"1", "64"})
    public int burst;

    private final IOLoop loop = new IOLoop();
    private final Thread thread = Thread.ofPlatform().unstarted(loop::start);

    /// How many callbacks have run. Written by the loop's thread, read by the one that waits.
    private volatile long ran;

    /// How many callbacks were added.
    private long added;

    @Setup
    public void start() {
        thread.start();
    }

    @TearDown
    public void close() throws InterruptedException {
        loop.stop();
        thread.join();
        loop.close();
    }

    @Benchmark
    public void roundTrip() {
        for (int i = 0; i < burst; i++) {
            loop.addCallback(this::count);
        }
        added += burst;
        while (ran < added) {
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
    private void count() {
        ran++;
    }
}
