package dev.gyre.bench;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
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

/// What it costs to suspend a coroutine and to resume it through its loop.
///
/// With one switch in a turn, the turn's own cost comes on top: its look at the channels, its
/// clock. With 64 it is hardly visible. The same with a poller that does nothing tells what the
/// kernel's share is.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class SwitchBenchmark {

    private static final int SWITCHES = 6_400;

    /// How many switches there are in a turn.
    @Param({"1", "64"})
    public int perTurn;

    private final IOLoop loop = new IOLoop();
    private final IOLoop deafLoop = new IOLoop(LoopOptions.defaults().withPoller(DeafPoller::new));

    @TearDown
    public void close() {
        loop.close();
        deafLoop.close();
    }

    /// `Task.pause`: nothing but leaving and coming back.
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public void pause() {
        pauseOn(loop);
    }

    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public void pauseWithoutKernel() {
        pauseOn(deafLoop);
    }

    private void pauseOn(IOLoop where) {
        inTurns(
                where,
                (scope, count) ->
                        scope.spawn(
                                "pauser",
                                () -> {
                                    for (int i = 0; i < count; i++) {
                                        Task.pause();
                                    }
                                    return true;
                                }));
    }

    /// Two tasks, each of which completes the future that the other awaits.
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public void pingPong() {
        inTurns(
                loop,
                (scope, count) -> {
                    Player one = new Player(loop);
                    Player other = new Player(loop);
                    scope.spawn("one", () -> one.play(other, count / 2));
                    scope.spawn("other", () -> other.play(one, count / 2));
                    one.serve();
                });
    }

    private void inTurns(IOLoop where, Load load) {
        where.runSync(() ->
                TaskScope.call(scope -> {
                    for (int i = 0; i < perTurn; i++) {
                        load.spawn(scope, SWITCHES / perTurn);
                    }
                    return true;
                }));
    }

    /// Something that makes one switch per turn, `switches` times.
    private interface Load {
        void spawn(TaskScope scope, int switches);
    }

    private static final class Player {

        private final IOLoop loop;
        private LoopFuture<Boolean> ball;

        Player(IOLoop loop) {
            this.loop = loop;
            this.ball = new LoopFuture<>(loop);
        }

        void serve() {
            ball.complete(true);
        }

        boolean play(Player other, int rounds) {
            for (int i = 0; i < rounds; i++) {
                ball.await();
                ball = new LoopFuture<>(loop);
                other.serve();
            }
            return true;
        }
    }
}
