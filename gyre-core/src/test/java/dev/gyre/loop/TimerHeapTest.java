package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimerHeapTest {

    private static final int OPERATIONS = 20_000;

    private final IOLoop loop = new IOLoop();
    private final TimerHeap heap = new TimerHeap(loop.thread());

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private List<LoopTimer> takeDue(long now) {
        StepList due = new StepList();
        heap.takeDue(now, due);
        List<LoopTimer> timers = new ArrayList<>();
        for (Step step = due.poll(); step != null; step = due.poll()) {
            timers.add((LoopTimer) step);
        }
        return timers;
    }

    private LoopTimer add(long deadline) {
        return heap.add(deadline, () -> {});
    }

    /// Any mix of operations gives what a sorted list gives.
    @Test
    void itBehavesAsASortedListDoes() {
        long seed = Long.getLong("gyre.seed", System.nanoTime());
        System.out.println("TimerHeapTest: -Dgyre.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        SortedTimers model = new SortedTimers();
        long now = random.nextLong();
        for (int i = 0; i < OPERATIONS; i++) {
            switch (random.nextInt(10)) {
                case 0 -> {
                    now += random.nextInt(50);
                    assertThat(takeDue(now)).as("seed %d", seed).isEqualTo(model.takeDue(now));
                }
                case 1, 2, 3, 4 -> model.cancelAny(random);
                default -> model.pending.add(add(now + random.nextInt(-20, 1_000)));
            }
            assertThat(heap.pendingCount()).as("seed %d", seed).isEqualTo(model.pending.size());
            assertThat(heap.first()).as("seed %d", seed).isSameAs(model.first());
        }
    }

    /// A sorted list, the obvious way to do what the heap does.
    private static final class SortedTimers {

        private final List<LoopTimer> pending = new ArrayList<>();

        /// Stable, hence in the order of scheduling among equals: that is the order of the list.
        private List<LoopTimer> sorted() {
            return pending.stream().sorted(Comparator.comparing(LoopTimer::deadline)).toList();
        }

        @Nullable LoopTimer first() {
            return pending.stream().min(Comparator.comparing(LoopTimer::deadline)).orElse(null);
        }

        List<LoopTimer> takeDue(long now) {
            List<LoopTimer> due =
                    sorted().stream().filter(timer -> timer.nanos() - now <= 0).toList();
            pending.removeAll(due);
            return due;
        }

        void cancelAny(SplittableRandom random) {
            if (!pending.isEmpty()) {
                pending.remove(random.nextInt(pending.size())).cancel();
            }
        }
    }

    @Test
    void aCleanUpKeepsTheOrderOfWhatIsPending() {
        List<LoopTimer> kept = new ArrayList<>();
        List<LoopTimer> cancelled = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            (i % 4 == 0 ? kept : cancelled).add(add(i / 100));
        }

        cancelled.forEach(LoopTimer::cancel);

        assertThat(heap.pendingCount()).isEqualTo(kept.size());
        assertThat(takeDue(20)).isEqualTo(kept);
    }

    @Test
    void aTimerThatACleanUpRemovedCanStillBeCancelledAgain() {
        List<LoopTimer> timers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            timers.add(add(i));
        }
        timers.forEach(LoopTimer::cancel);

        timers.forEach(LoopTimer::cancel);

        assertThat(heap.pendingCount()).isZero();
        assertThat(heap.first()).isNull();
    }

    @Test
    void aTimerTakenAsDueIsNotCountedWhenItIsCancelledThen() {
        LoopTimer due = add(1);
        add(2);
        assertThat(takeDue(1)).containsExactly(due);

        due.cancel();

        assertThat(heap.pendingCount()).isEqualTo(1);
    }

    @Test
    void clearingDropsAllTimersAndTheHeapIsUsableAgain() {
        LoopTimer dropped = add(1);

        heap.clear();

        assertThat(dropped.isPending()).isFalse();
        assertThat(heap.pendingCount()).isZero();
        LoopTimer after = add(1);
        assertThat(takeDue(1)).containsExactly(after);
    }

    @Test
    void cancellingAfterClearingIsHarmless() {
        LoopTimer dropped = add(1);
        heap.clear();

        dropped.cancel();

        assertThat(heap.pendingCount()).isZero();
    }
}
