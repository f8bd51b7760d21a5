package dev.gyre.bench;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What benchmarks of streams without a kernel have in common: a loop that runs until so much is
/// done.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class StreamBenchmark {

    private final IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(DeafPoller::new));

    /// How much is to be done until the loop stops.
    private int left;

    final IOLoop loop() {
        return loop;
    }

    /// Runs the loop until so much is done.
    final void run(int count) {
        left = count;
        loop.start();
    }

    /// Hears of what is done. On the loop.
    final void done(int count) {
        left -= count;
        if (left == 0) {
            loop.stop();
        }
    }

    @TearDown
    public void close() {
        loop.close();
    }
}
