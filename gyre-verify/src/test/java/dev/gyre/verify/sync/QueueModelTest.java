package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.sync.LoopQueue;
import dev.gyre.testing.LoopExtension;
import dev.gyre.testing.TestLoop;
import dev.gyre.verify.sync.QueueJoinTest.Order;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The queue against a model of a few lines, step by step, from a seed.
@ExtendWith(LoopExtension.class)
class QueueModelTest {

    private static final int STEPS = 20_000;
    private static final int SIZE_MAX = 3;

    /// Keeps the lines long enough to matter and short enough to empty now and then.
    private static final int WAITING_MAX = 12;

    private record Putter(LoopFuture<Void> future, int item) {}

    /// In the order of their coming.
    private final Deque<Integer> items = new ArrayDeque<>();

    private final List<Putter> putters = new ArrayList<>();
    private final List<LoopFuture<Integer>> takers = new ArrayList<>();
    private int unfinished;
    private Order order;
    private RandomGenerator random;
    private LoopQueue<Integer> queue;

    @ParameterizedTest
    @EnumSource
    void itAgreesWithTheModel(Order chosen, TestLoop test) {
        order = chosen;
        random = test.loop().random();
        queue = order.make(test.loop(), SIZE_MAX);
        System.out.println("gyre.seed=" + test.seed());
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(9)) {
                case 0, 1 -> put();
                case 2 -> tryPut();
                case 3, 4 -> take();
                case 5 -> tryTake();
                case 6 -> cancelPutter();
                case 7 -> cancelTaker();
                default -> taskDone();
            }
            check(step);
        }
        close();
    }

    /// Returns one of few items, so that priorities are often equal; then the order of coming
    /// decides.
    private int newItem() {
        return random.nextInt(4);
    }

    private void put() {
        if (putters.size() == WAITING_MAX) {
            return;
        }
        int item = newItem();
        LoopFuture<Void> future = queue.put(item);
        if (items.size() == SIZE_MAX) {
            putters.add(new Putter(future, item));
            return;
        }
        assertThat(future.isDone()).isTrue();
        comeIn(item);
    }

    private void tryPut() {
        int item = newItem();
        boolean room = items.size() < SIZE_MAX;
        assertThat(queue.tryPut(item)).isEqualTo(room);
        if (room) {
            comeIn(item);
        }
    }

    private void comeIn(int item) {
        unfinished++;
        if (takers.isEmpty()) {
            items.add(item);
        } else {
            assertThat(takers.removeFirst().resultNow()).isEqualTo(item);
        }
    }

    private void take() {
        if (takers.size() == WAITING_MAX) {
            return;
        }
        LoopFuture<Integer> future = queue.take();
        if (items.isEmpty()) {
            takers.add(future);
        } else {
            assertThat(future.resultNow()).isEqualTo(next());
        }
    }

    private void tryTake() {
        assertThat(queue.tryTake()).isEqualTo(items.isEmpty() ? null : next());
    }

    private int next() {
        if (!putters.isEmpty()) {
            Putter admitted = putters.removeFirst();
            assertThat(admitted.future().isDone()).isTrue();
            items.add(admitted.item());
            unfinished++;
        }
        return switch (order) {
            case FIFO -> items.removeFirst();
            case LIFO -> items.removeLast();
            case PRIORITY -> {
                Integer least = Collections.min(items);
                items.removeFirstOccurrence(least);
                yield least;
            }
        };
    }

    private void cancelPutter() {
        if (!putters.isEmpty()) {
            Putter victim = putters.remove(random.nextInt(putters.size()));
            assertThat(victim.future().cancel()).isTrue();
        }
    }

    private void cancelTaker() {
        if (!takers.isEmpty()) {
            assertThat(takers.remove(random.nextInt(takers.size())).cancel()).isTrue();
        }
    }

    private void taskDone() {
        if (unfinished > 0) {
            queue.taskDone();
            unfinished--;
        }
    }

    private void check(int step) {
        assertThat(queue.size()).as("size after step %d", step).isEqualTo(items.size());
        assertThat(takers).as("takers after step %d", step).noneMatch(LoopFuture::isDone);
        assertThat(putters)
                .as("putters after step %d", step)
                .noneMatch(putter -> putter.future().isDone());
        assertThat(queue)
                .hasToString(
                        "LoopQueue[%s, %d of 3, %d unfinished, waiting to take: %d, to put: %d]",
                        order.name().toLowerCase(Locale.ROOT),
                        items.size(),
                        unfinished,
                        takers.size(),
                        putters.size());
    }

    private void close() {
        queue.close();
        assertThat(putters).allMatch(putter -> putter.future().isDone());
        putters.forEach(putter -> putter.future().observe());
        putters.clear();
        assertThat(takers).allMatch(LoopFuture::isDone);
        takers.forEach(LoopFuture::observe);
        while (!items.isEmpty()) {
            assertThat(queue.tryTake()).isEqualTo(next());
        }
        assertThat(queue.isEmpty()).isTrue();
    }
}
