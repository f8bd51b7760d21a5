package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;

/// Of a loop's coroutines, callbacks, timers and handlers one runs at any moment.
class ExclusivityTest {

    private static final int TASKS = 40;
    private static final int ROUNDS = 250;

    /// Knows who is inside. Two at once, or one inside while another comes, is a violation.
    private static final class Room {

        private final AtomicReference<Thread> inside = new AtomicReference<>();
        private final AtomicInteger violations = new AtomicInteger();

        /// Counts, without a lock or an atomic, what only exclusive code counts right.
        private long visits;

        void visit() {
            Thread self = Thread.currentThread();
            if (!inside.compareAndSet(null, self)) {
                violations.incrementAndGet();
            }
            long before = visits;
            Thread.onSpinWait();
            visits = before + 1;
            if (inside.getAndSet(null) != self) {
                violations.incrementAndGet();
            }
        }
    }

    private final Room room = new Room();

    /// All visits that were begun, counted by each kind of visitor.
    private final AtomicInteger expected = new AtomicInteger();

    private void visit() {
        expected.incrementAndGet();
        room.visit();
    }

    private void verify() {
        assertThat(room.violations.get()).isZero();
        assertThat(room.visits).isEqualTo(expected.get()).isGreaterThan(TASKS * ROUNDS);
    }

    @GyreTest
    void inAStormOfSuspensionsOfOursOneRunsAtATime(TestLoop test) throws Exception {
        System.out.println("gyre.seed=" + test.seed());
        for (int i = 0; i < TASKS; i++) {
            test.loop().spawn("task " + i, Play.body(() -> storm(test.loop())));
        }
        Thread foreign =
                Thread.ofPlatform()
                        .start(() -> {
                            for (int i = 0; i < ROUNDS; i++) {
                                test.loop().addCallback(this::visit);
                            }
                        });

        test.runUntil(() -> test.loop().tasks().isEmpty());
        foreign.join();
        test.runUntilIdle();

        verify();
    }

    private void storm(IOLoop loop) {
        RandomGenerator random = loop.random();
        for (int i = 0; i < ROUNDS; i++) {
            visit();
            switch (random.nextInt(6)) {
                case 0 -> Task.pause();
                case 1 -> Task.sleep(Duration.ZERO);
                case 2 -> loop.addCallback(this::visit);
                case 3 -> loop.callLater(Duration.ZERO, this::visit);
                case 4 -> loop.runInExecutor(() -> expected.get()).await();
                default -> {
                    LoopFuture<Integer> future = new LoopFuture<>(loop);
                    future.onDone(value -> visit(), failure -> {});
                    loop.addCallback(() -> future.complete(1));
                    future.await();
                }
            }
        }
    }

    @GyreTest
    @Tag("carrier")
    void inAStormOfJdkCallsOneRunsAtATime(TestLoop test) {
        for (int i = 0; i < TASKS; i++) {
            int number = i;
            test.loop().spawn("task", Play.body(() -> jdkStorm(test.loop(), number)));
        }

        test.runUntil(() -> test.loop().tasks().isEmpty());
        test.runUntilIdle();

        verify();
    }

    private void jdkStorm(IOLoop loop, int number) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            visit();
            switch ((i + number) % 5) {
                case 0 -> BlockingCalls.yieldThread();
                case 1 -> BlockingCalls.sleep(Duration.ofNanos(1));
                case 2 -> CompletableFuture.supplyAsync(() -> 1).get();
                case 3 -> {
                    synchronized (room) {
                        visit();
                        Task.pause();
                    }
                }
                default ->
                        loop.addCallback(() -> {
                            visit();
                            synchronized (room) {
                                visit();
                            }
                        });
            }
        }
    }

    @GyreTest
    void handlersAreExclusiveToo(TestLoop test) throws Exception {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        test.loop()
                .addHandler(
                        pipe.source(),
                        (source, events) -> {
                            visit();
                            source.read(ByteBuffer.allocate(1));
                        },
                        IOLoop.READ);
        pipe.sink().write(ByteBuffer.allocate(1000));
        for (int i = 0; i < TASKS; i++) {
            test.loop().spawn("task " + i, Play.body(() -> storm(test.loop())));
        }

        test.runUntil(() -> test.loop().tasks().isEmpty());
        test.runUntilIdle();

        verify();
        pipe.source().close();
        pipe.sink().close();
        test.runUntilIdle();
    }
}
