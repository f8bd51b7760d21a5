package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gyre.loop.LoopFuture;
import dev.gyre.sync.LoopQueue;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The orders other than first in, first out.
class QueueOrderTest {

    /// Compares two-letter words by their first letter, and cannot read "bad".
    private static final Comparator<String> BY_FIRST_LETTER =
            Comparator.comparing(item -> {
                if (item.equals("bad")) {
                    throw new IllegalStateException("unreadable item");
                }
                return item.charAt(0);
            });

    private static <T> List<T> drain(LoopQueue<T> queue) {
        List<T> items = new ArrayList<>();
        for (T item = queue.tryTake(); item != null; item = queue.tryTake()) {
            items.add(item);
        }
        return items;
    }

    @GyreTest
    void lifoGivesTheNewestFirst(TestLoop test) {
        LoopQueue<Integer> queue = LoopQueue.lifo(test.loop(), LoopQueue.UNBOUNDED);
        List.of(1, 3, 2).forEach(queue::tryPut);

        assertThat(drain(queue)).containsExactly(2, 3, 1);
    }

    @GyreTest
    void priorityGivesTheLeastFirst(TestLoop test) {
        LoopQueue<Integer> queue =
                LoopQueue.priority(
                        test.loop(), LoopQueue.UNBOUNDED, Comparator.<Integer>naturalOrder());
        List.of(3, 1, 2, 0, 2).forEach(queue::tryPut);

        assertThat(drain(queue)).containsExactly(0, 1, 2, 2, 3);
    }

    @GyreTest
    void equalPrioritiesGoInTheOrderInWhichTheyCame(TestLoop test) {
        LoopQueue<String> queue =
                LoopQueue.priority(test.loop(), LoopQueue.UNBOUNDED, BY_FIRST_LETTER);
        List.of("b1", "a1", "b2", "a2", "b3", "a3", "a1").forEach(queue::tryPut);

        assertThat(drain(queue)).containsExactly("a1", "a2", "a3", "a1", "b1", "b2", "b3");
    }

    @GyreTest
    void theItemOfAWaitingPutterCompetesForTheNextPlace(TestLoop test) {
        LoopQueue<Integer> priority =
                LoopQueue.priority(test.loop(), 1, Comparator.<Integer>naturalOrder());
        LoopQueue<Integer> lifo = LoopQueue.lifo(test.loop(), 1);
        for (LoopQueue<Integer> queue : List.of(priority, lifo)) {
            queue.put(5);
            queue.put(1);
            queue.put(9);
        }

        assertThat(drain(priority)).containsExactly(1, 5, 9);
        assertThat(drain(lifo)).containsExactly(1, 9, 5);
    }

    @GyreTest
    void aWaitingTakerGetsTheItemThatComes(TestLoop test) {
        LoopQueue<Integer> priority =
                LoopQueue.priority(test.loop(), 1, Comparator.<Integer>naturalOrder());
        LoopFuture<Integer> first = priority.take();
        LoopFuture<Integer> second = priority.take();

        priority.tryPut(9);
        priority.tryPut(1);

        assertThat(List.of(first.resultNow(), second.resultNow())).containsExactly(9, 1);
    }

    @GyreTest
    void anItemThatCannotBeComparedIsRefusedAndTheOthersStay(TestLoop test) {
        LoopQueue<String> queue =
                LoopQueue.priority(test.loop(), LoopQueue.UNBOUNDED, BY_FIRST_LETTER);
        List.of("c", "a", "e", "b", "d").forEach(queue::tryPut);

        assertThatIllegalStateException().isThrownBy(() -> queue.put("bad"));
        assertThatIllegalStateException().isThrownBy(() -> queue.tryPut("bad"));

        assertThat(drain(queue)).containsExactly("a", "b", "c", "d", "e");
        for (int i = 0; i < 5; i++) {
            queue.taskDone();
        }
        assertThat(queue.join().isDone()).isTrue();
    }

    @GyreTest
    void aWaitingPutterWhoseItemCannotBeComparedFailsAlone(TestLoop test) {
        LoopQueue<String> queue = LoopQueue.priority(test.loop(), 1, BY_FIRST_LETTER);
        queue.put("a");
        LoopFuture<Void> unreadable = queue.put("bad");
        LoopFuture<Void> readable = queue.put("c");

        assertThat(queue.take().resultNow()).isEqualTo("a");

        assertThat(unreadable.exceptionNow()).hasMessage("unreadable item");
        assertThat(readable.isDone()).isTrue();
        assertThat(drain(queue)).containsExactly("c");
    }

    @GyreTest
    void anErrorOfTheOrderFailsThatPutAloneToo(TestLoop test) {
        Comparator<String> strict =
                (a, b) -> {
                    if (!a.equals(b)) {
                        throw new AssertionError("wrong order");
                    }
                    return 0;
                };
        LoopQueue<String> queue = LoopQueue.priority(test.loop(), 1, strict);
        queue.put("a");
        LoopFuture<Void> unordered = queue.put("b");

        assertThat(queue.take().resultNow()).isEqualTo("a");

        assertThat(unordered.exceptionNow())
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessage("wrong order");
        assertThat(queue.isEmpty()).isTrue();
    }
}
