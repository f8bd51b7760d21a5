package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.sync.LoopLock;
import dev.gyre.sync.LoopSemaphore;
import dev.gyre.sync.Permit;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Semaphore and lock against a model of a few lines, step by step, from a seed.
class PermitModelTest {

    private static final int STEPS = 20_000;

    /// Keeps the line long enough to matter and short enough to empty now and then.
    private static final int WAITING_MAX = 12;

    private final Deque<LoopFuture<Permit>> waiting = new ArrayDeque<>();
    private final List<LoopFuture<Permit>> granted = new ArrayList<>();
    private int available;

    @GyreTest
    void aSemaphoreAgreesWithTheModel(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 3);
        available = 3;

        run(test, semaphore::acquire, semaphore::available);

        assertThat(semaphore).hasToString("LoopSemaphore[3 available, 0 waiting]");
    }

    @GyreTest
    void aLockAgreesWithTheModel(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        available = 1;

        run(test, lock::acquire, () -> lock.isLocked() ? 0 : 1);

        assertThat(lock).hasToString("LoopLock[unlocked, 0 waiting]");
    }

    private void run(TestLoop test, Supplier<LoopFuture<Permit>> acquire, Supplier<Integer> count) {
        RandomGenerator random = test.loop().random();
        System.out.println("gyre.seed=" + test.seed());
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> acquire(acquire);
                case 2 -> close(random);
                case 3 -> cancelWaiter(random);
                default -> cancelGranted(random);
            }
            check(step, count);
        }
        while (!granted.isEmpty()) {
            close(random);
            check(STEPS, count);
        }
    }

    private void acquire(Supplier<LoopFuture<Permit>> acquire) {
        if (waiting.size() == WAITING_MAX) {
            return;
        }
        LoopFuture<Permit> future = acquire.get();
        if (available > 0) {
            available--;
            granted.add(future);
        } else {
            waiting.add(future);
        }
    }

    private void close(RandomGenerator random) {
        if (granted.isEmpty()) {
            return;
        }
        Permit permit = granted.remove(random.nextInt(granted.size())).resultNow();
        permit.close();
        if (random.nextBoolean()) {
            permit.close();
        }
        if (waiting.isEmpty()) {
            available++;
        } else {
            granted.add(waiting.removeFirst());
        }
    }

    private void cancelWaiter(RandomGenerator random) {
        if (waiting.isEmpty()) {
            return;
        }
        LoopFuture<Permit> victim = List.copyOf(waiting).get(random.nextInt(waiting.size()));
        waiting.remove(victim);
        assertThat(victim.cancel()).isTrue();
    }

    private void cancelGranted(RandomGenerator random) {
        if (!granted.isEmpty()) {
            assertThat(granted.get(random.nextInt(granted.size())).cancel()).isFalse();
        }
    }

    private void check(int step, Supplier<Integer> count) {
        assertThat(granted).as("granted after step %d", step).allMatch(LoopFuture::isDone);
        assertThat(waiting).as("waiting after step %d", step).noneMatch(LoopFuture::isDone);
        assertThat(count.get()).as("available after step %d", step).isEqualTo(available);
    }
}
