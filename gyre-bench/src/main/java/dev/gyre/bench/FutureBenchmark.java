package dev.gyre.bench;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What a future costs: made, listened to, completed, and its listener run in a later turn.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class FutureBenchmark {

    private static final int FUTURES = 64;
    private static final int TURNS = 100;

    private final IOLoop loop = new IOLoop();

    /// How many turns are yet to come.
    private int turnsLeft;

    private long sum;

    @TearDown
    public void close() {
        loop.close();
    }

    /// 64 listeners in a turn.
    @Benchmark
    @OperationsPerInvocation(FUTURES * TURNS)
    public long listenComplete() {
        inTurns(() -> {
            LoopFuture<Boolean> future = new LoopFuture<>(loop);
            future.onDone(value -> sum++, failure -> sum--);
            future.complete(true);
        });
        return sum;
    }

    /// What a future costs that is done when it is listened to.
    @Benchmark
    @OperationsPerInvocation(FUTURES * TURNS)
    public long completeListen() {
        inTurns(() -> {
            LoopFuture<Boolean> future = LoopFuture.completed(loop, true);
            future.onDone(value -> sum++, failure -> sum--);
        });
        return sum;
    }

    /// A listener of a listener: two steps, three objects more.
    @Benchmark
    @OperationsPerInvocation(FUTURES * TURNS)
    public long mapped() {
        inTurns(() -> {
            LoopFuture<Boolean> future = new LoopFuture<>(loop);
            future.map(value -> value ? 1 : 0).onDone(value -> sum += value, failure -> sum--);
            future.complete(true);
        });
        return sum;
    }

    /// Nobody listens: no turn, hence no switch to the runner.
    @Benchmark
    public LoopFuture<Boolean> completeAlone() {
        LoopFuture<Boolean> future = new LoopFuture<>(loop);
        future.complete(true);
        return future;
    }

    private void inTurns(Runnable each) {
        turnsLeft = TURNS;
        loop.addCallback(() -> turn(each));
        loop.start();
    }

    private void turn(Runnable each) {
        for (int i = 0; i < FUTURES; i++) {
            each.run();
        }
        turnsLeft--;
        if (turnsLeft > 0) {
            loop.addCallback(() -> turn(each));
        } else {
            loop.addCallback(loop::stop);
        }
    }
}
