package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopQueue;
import dev.gyre.sync.QueueClosedException;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future.State;
import org.jspecify.annotations.Nullable;

/// Queues of each order, whose putters and takers give up at any moment, against a plain list.
class QueuesInSimulationTest {

    private static final int TASKS = 12;

    private static Duration moment(Random random) {
        return Duration.ofMillis(random.nextInt(6));
    }

    @SimTest(seeds = 100)
    void eachTakerGetsWhatIsNextInTheOrder(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        Audit audit = new Audit(host.loop(), random);
        simulation.checkAlways(audit::check);
        for (int i = 0; i < TASKS; i++) {
            host.start(() -> use(audit, random));
        }
        if (random.nextInt(3) == 0) {
            host.start(() -> {
                Task.sleep(Duration.ofMillis(random.nextInt(30)));
                audit.close();
                return true;
            });
        }

        simulation.advance(Duration.ofMillis(100));
        host.run(() -> {
            audit.close();
            return true;
        });
        simulation.run();
    }

    private static boolean use(Audit audit, Random random) {
        for (int i = 0; i < 10; i++) {
            Task.sleep(moment(random));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> waitFor(audit.put(), random);
                case 3 -> audit.tryPut();
                case 4, 5, 6 -> waitFor(audit.take(), random);
                default -> audit.tryTake();
            }
            if (random.nextInt(4) == 0) {
                audit.done();
            }
        }
        return true;
    }

    private static void waitFor(LoopFuture<?> future, Random random) {
        try {
            if (random.nextInt(5) == 0) {
                Task.sleep(moment(random));
                future.cancel();
            } else {
                future.await(moment(random));
            }
        } catch (DeadlineExceededException | QueueClosedException e) {
            // The others were faster.
        }
    }

    /// Something to put; few different ones, so that many are equal in the order.
    private record Item(int rank, int number) {}

    private record Put(Item item, LoopFuture<?> future) {}

    /// A queue, and beside it a list of what must be in it.
    private static final class Audit {

        private final Random random;
        private final int order;
        private final int sizeMax;
        private final LoopQueue<Item> queue;

        /// The items of the queue, in the order in which they came.
        private final List<Item> items = new ArrayList<>();

        /// Those who wait, in their order; who has given up is removed when that is seen.
        private final List<Put> putters = new ArrayList<>();

        private final List<LoopFuture<Item>> takers = new ArrayList<>();

        /// Those who wait until all is done.
        private final List<LoopFuture<?>> joiners = new ArrayList<>();

        private int made;
        private int unfinished;
        private boolean isClosed;

        Audit(IOLoop loop, Random random) {
            this.random = random;
            order = random.nextInt(3);
            sizeMax = 1 + random.nextInt(3);
            queue =
                    switch (order) {
                        case 0 -> LoopQueue.fifo(loop, sizeMax);
                        case 1 -> LoopQueue.lifo(loop, sizeMax);
                        default ->
                                LoopQueue.priority(
                                        loop, sizeMax, Comparator.comparingInt(Item::rank));
                    };
        }

        private Item newItem() {
            return new Item(random.nextInt(3), made++);
        }

        LoopFuture<?> put() {
            forgetWhoGaveUp();
            Item item = newItem();
            LoopFuture<?> future = queue.put(item);
            if (isClosed) {
                assertThat(future.exceptionNow()).isInstanceOf(QueueClosedException.class);
            } else if (items.size() == sizeMax) {
                assertThat(future.isDone()).isFalse();
                putters.add(new Put(item, future));
            } else {
                assertThat(future.state()).isEqualTo(State.SUCCESS);
                comeIn(item);
            }
            return future;
        }

        void tryPut() {
            forgetWhoGaveUp();
            if (isClosed) {
                return;
            }
            Item item = newItem();
            boolean isRoom = items.size() < sizeMax;
            assertThat(queue.tryPut(item)).isEqualTo(isRoom);
            if (isRoom) {
                comeIn(item);
            }
        }

        private void comeIn(Item item) {
            unfinished++;
            if (takers.isEmpty()) {
                items.add(item);
            } else {
                assertThat(takers.removeFirst().resultNow()).isEqualTo(item);
            }
        }

        LoopFuture<?> take() {
            forgetWhoGaveUp();
            LoopFuture<Item> future = queue.take();
            if (!items.isEmpty()) {
                assertThat(future.resultNow()).isEqualTo(next());
            } else if (isClosed) {
                assertThat(future.exceptionNow()).isInstanceOf(QueueClosedException.class);
            } else {
                assertThat(future.isDone()).isFalse();
                takers.add(future);
            }
            return future;
        }

        void tryTake() {
            forgetWhoGaveUp();
            if (isClosed && items.isEmpty()) {
                return;
            }
            boolean isThere = !items.isEmpty();
            @Nullable Item item = queue.tryTake();
            assertThat(item).isEqualTo(isThere ? next() : null);
        }

        /// Lets the putter in who has waited longest, and removes what is next then.
        private Item next() {
            if (!putters.isEmpty()) {
                Put first = putters.removeFirst();
                assertThat(first.future.state()).isEqualTo(State.SUCCESS);
                unfinished++;
                items.add(first.item);
            }
            Item next =
                    switch (order) {
                        case 0 -> items.getFirst();
                        case 1 -> items.getLast();
                        default ->
                                items.stream()
                                        .min(Comparator.comparingInt(Item::rank))
                                        .orElseThrow();
                    };
            items.remove(next);
            return next;
        }

        void done() {
            if (unfinished > 0) {
                queue.taskDone();
                unfinished--;
            }
            assertThat(joiners).allMatch(each -> each.isDone() == (unfinished == 0));
            joiners.removeIf(LoopFuture::isDone);
            if (random.nextBoolean()) {
                LoopFuture<?> join = queue.join();
                assertThat(join.isDone()).isEqualTo(unfinished == 0);
                if (!join.isDone()) {
                    joiners.add(join);
                }
            }
        }

        void close() {
            forgetWhoGaveUp();
            isClosed = true;
            queue.close();
            putters.forEach(each ->
                    assertThat(each.future.exceptionNow())
                            .isInstanceOf(QueueClosedException.class));
            takers.forEach(each ->
                    assertThat(each.exceptionNow()).isInstanceOf(QueueClosedException.class));
            putters.clear();
            takers.clear();
        }

        private void forgetWhoGaveUp() {
            putters.removeIf(each -> each.future.state() == State.CANCELLED);
            takers.removeIf(each -> each.state() == State.CANCELLED);
        }

        /// Checks that nobody waits for an item that is there, and that there are no more than may
        /// be.
        void check() {
            forgetWhoGaveUp();
            assertThat(queue.size()).isEqualTo(items.size()).isLessThanOrEqualTo(sizeMax);
            assertThat(queue.isFull()).isEqualTo(items.size() == sizeMax);
            assertThat(queue.isEmpty()).isEqualTo(items.isEmpty());
            assertThat(takers).noneMatch(LoopFuture::isDone);
            assertThat(putters).noneMatch(each -> each.future.isDone());
            assertThat(takers.isEmpty() || items.isEmpty()).isTrue();
            assertThat(putters.isEmpty() || items.size() == sizeMax).isTrue();
        }
    }
}
