package dev.gyre.sync;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedList;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Hands items from tasks of a loop to other tasks of that loop, and makes who is ahead wait.
///
/// ```java
/// LoopQueue<URI> queue = LoopQueue.fifo(100);
///
/// loop.spawn("worker", () -> {
///     while (true) {
///         fetch(queue.take().await());
///         queue.taskDone();
///     }
/// });
/// queue.put(start).await();
/// queue.join().await();
/// ```
///
/// What is taken next is decided by the factory: [#fifo] the oldest item, [#lifo] the newest,
/// [#priority] the least in a given order, of equal ones the oldest. Those who wait to put, and
/// those who wait to take, are served in the order of their calls whatever the order of the items.
/// Takers wait only while the queue is empty, putters only while it is full.
///
/// **Time-outs and cancellation.** A time-out is that of [LoopFuture#await(Duration)]. Who is
/// cancelled while waiting, or runs out of time, leaves at once: a taker gets no item, and the item
/// of a putter never appears. An item handed over before that is not lost: `await` returns it, and
/// the next suspension throws. When cancelling the future of a [#take] itself returns `false`,
/// `resultNow()` has the item.
///
/// **Threads.** A queue belongs to its loop. Every method that changes it refuses foreign threads;
/// the others do not check.
///
/// @param <T> the type of the items, which are never null
public final class LoopQueue<T> implements AutoCloseable {

    /// For a queue that never is full. It says at the place of use that nothing but memory bounds
    /// what a fast producer leaves there.
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    private final String order;
    private final int sizeMax;
    private final Queue<T> items;

    /// Nobody waits here unless `items` is empty and the queue open.
    private final Waiters<T> takers;

    /// Nobody waits here unless `items` is full and the queue open.
    private final Waiters<@Nullable Void> putters;

    private final Waiters<@Nullable Void> joiners;

    /// The item that is handed to a taker; null but within that.
    private @Nullable T inHand;

    /// Up with each item that goes in, down with each [#taskDone].
    private int unfinished;

    /// Set by [#close], never cleared.
    private boolean closed;

    private LoopQueue(IOLoop loop, String order, int sizeMax, Queue<T> items) {
        if (sizeMax < 1) {
            throw new IllegalArgumentException(
                    "a queue cannot have room for %d items; use LoopQueue.UNBOUNDED for no limit"
                            .formatted(sizeMax));
        }
        this.order = order;
        this.sizeMax = sizeMax;
        this.items = items;
        this.takers = new Waiters<>(loop, "LoopQueue.take");
        this.putters = new Waiters<>(loop, "LoopQueue.put");
        this.joiners = new Waiters<>(loop, "LoopQueue.join");
    }

    /// Returns a queue on the current loop that gives the oldest item first.
    ///
    /// @param sizeMax how many items it holds, at least one, or [#UNBOUNDED]
    /// @throws IllegalArgumentException if `sizeMax` is zero or negative
    public static <T> LoopQueue<T> fifo(int sizeMax) {
        return fifo(IOLoop.current(), sizeMax);
    }

    /// Returns such a queue on a given loop.
    ///
    /// @throws IllegalArgumentException if `sizeMax` is zero or negative
    public static <T> LoopQueue<T> fifo(IOLoop loop, int sizeMax) {
        return new LoopQueue<>(loop, "fifo", sizeMax, newLine());
    }

    /// Returns a queue on the current loop that gives the newest item first.
    ///
    /// @param sizeMax how many items it holds, at least one, or [#UNBOUNDED]
    /// @throws IllegalArgumentException if `sizeMax` is zero or negative
    public static <T> LoopQueue<T> lifo(int sizeMax) {
        return lifo(IOLoop.current(), sizeMax);
    }

    /// Returns such a queue on a given loop.
    ///
    /// @throws IllegalArgumentException if `sizeMax` is zero or negative
    public static <T> LoopQueue<T> lifo(IOLoop loop, int sizeMax) {
        return new LoopQueue<>(loop, "lifo", sizeMax, Collections.asLifoQueue(newLine()));
    }

    /// Not an [java.util.ArrayDeque]: that one takes its last free place before it makes more, and
    /// where there is no memory or stack for more, it counts as empty, however many it holds.
    @SuppressWarnings("JdkObsolete")
    private static <T> Deque<T> newLine() {
        return new LinkedList<>();
    }

    /// Returns a queue on the current loop that gives the least item first, of equal ones the
    /// oldest.
    ///
    /// @param sizeMax how many items it holds, at least one, or [#UNBOUNDED]
    /// @param order compares items when one goes in. It is called inside the methods of the queue,
    ///   so it must not use the queue. What it throws fails that item's put, and nothing else.
    /// @throws IllegalArgumentException if `sizeMax` is zero or negative
    public static <T> LoopQueue<T> priority(int sizeMax, Comparator<? super T> order) {
        return priority(IOLoop.current(), sizeMax, order);
    }

    /// Returns such a queue on a given loop.
    ///
    /// @throws IllegalArgumentException if `sizeMax` is zero or negative
    public static <T> LoopQueue<T> priority(IOLoop loop, int sizeMax, Comparator<? super T> order) {
        Objects.requireNonNull(order, "order");
        return new LoopQueue<>(loop, "priority", sizeMax, new PriorityLine<>(order));
    }

    // Putting.

    /// Puts an item in, now if there is room, else when it is this call's turn.
    ///
    /// @return done when the item is in; failed with a [QueueClosedException] if the queue is
    ///   closed, or is closed before there is room: then the item was not put
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public LoopFuture<@Nullable Void> put(T item) {
        putters.checkThread("LoopQueue.put");
        Objects.requireNonNull(item, "item");
        IOLoop loop = putters.loop();
        if (closed) {
            return LoopFuture.failed(loop, notPut());
        }
        if (isFull()) {
            return putters.add(new Admission(item));
        }
        LoopFuture<@Nullable Void> done = LoopFuture.completed(loop, null);
        // Last: whatever fails before, for want of stack or memory, puts nothing in.
        handOverOrInsert(item);
        return done;
    }

    /// Puts an item in if there is room.
    ///
    /// @return false if the queue is full
    /// @throws QueueClosedException if the queue is closed
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public boolean tryPut(T item) {
        putters.checkThread("LoopQueue.tryPut");
        Objects.requireNonNull(item, "item");
        if (closed) {
            throw notPut();
        }
        if (isFull()) {
            return false;
        }
        handOverOrInsert(item);
        return true;
    }

    /// Either is done wholly, or not at all if there is no stack for it.
    private void handOverOrInsert(T item) {
        inHand = item;
        try {
            if (takers.grantOldest()) {
                unfinished++;
                return;
            }
        } finally {
            inHand = null;
        }
        insert(item);
    }

    private T handedOver() {
        return Objects.requireNonNull(inHand, "the item in hand");
    }

    private void insert(T item) {
        // First what may throw, by the comparator.
        items.add(item);
        unfinished++;
    }

    /// Lets in somebody who waits to put. Once: where there is no stack to tell him so, he waits
    /// on, and his item is in.
    private final class Admission implements Supplier<@Nullable Void> {

        /// Null once it is in.
        private @Nullable T item;

        Admission(T item) {
            this.item = item;
        }

        @Override
        public @Nullable Void get() {
            T waiting = item;
            if (waiting != null) {
                insert(waiting);
                item = null;
            }
            return null;
        }
    }

    // Taking.

    /// Takes the next item, now if there is one, else when it is this call's turn.
    ///
    /// @return the item; failed with a [QueueClosedException] if the queue is closed and empty
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public LoopFuture<T> take() {
        takers.checkThread("LoopQueue.take");
        IOLoop loop = takers.loop();
        if (!items.isEmpty()) {
            admit();
            LoopFuture<T> taken = LoopFuture.completed(loop, items.element());
            // Last: whatever fails before, for want of stack or memory, takes no item away.
            items.remove();
            return taken;
        }
        return closed ? LoopFuture.failed(loop, nothingLeft()) : takers.add(this::handedOver);
    }

    /// Takes the next item if there is one.
    ///
    /// @return the item, or null if the queue is empty
    /// @throws QueueClosedException if the queue is closed and empty
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public @Nullable T tryTake() {
        takers.checkThread("LoopQueue.tryTake");
        if (!items.isEmpty()) {
            admit();
            return items.remove();
        }
        if (closed) {
            throw nothingLeft();
        }
        return null;
    }

    /// Lets in the oldest of those who wait to put. Before an item is taken, so that theirs
    /// competes: it may be the next one. For this moment the queue holds one more than its limit.
    private void admit() {
        putters.grantOldest();
    }

    // Work that was taken.

    /// Says that the work for one item that was taken is done. [#join] counts these.
    ///
    /// @throws IllegalStateException if called more often than items were put, or from a foreign
    ///   thread while the loop runs
    public void taskDone() {
        joiners.checkThread("LoopQueue.taskDone");
        if (unfinished == 0) {
            throw new IllegalStateException("taskDone was called more often than items were put");
        }
        if (unfinished == 1) {
            joiners.grantAll();
        }
        // Last: where that fails for want of stack, this can be called again.
        unfinished--;
    }

    /// Waits until [#taskDone] was called for every item that was ever put. Taking an item is not
    /// enough, and closing the queue changes nothing: what is left there still has to be done.
    ///
    /// @return done at once if there is nothing to wait for
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public LoopFuture<@Nullable Void> join() {
        joiners.checkThread("LoopQueue.join");
        return unfinished == 0
                ? LoopFuture.completed(joiners.loop(), null)
                : joiners.add(() -> null);
    }

    // Closing: no item goes in any more, and those who wait fail.

    /// Ends the putting. What is in the queue can still be taken; after that, taking fails. Those
    /// who wait fail at once, each with a [QueueClosedException]: putters without having put. Does
    /// nothing the second time.
    ///
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    @Override
    public void close() {
        putters.checkThread("LoopQueue.close");
        closed = true;
        putters.failAll(LoopQueue::notPut);
        takers.failAll(LoopQueue::nothingLeft);
    }

    private static QueueClosedException notPut() {
        return new QueueClosedException("the queue is closed; the item was not put");
    }

    private static QueueClosedException nothingLeft() {
        return new QueueClosedException("the queue is closed, and nothing is left in it");
    }

    // What the queue tells of itself: closed, size, limit.

    /// Returns whether [#close] was called.
    public boolean isClosed() {
        return closed;
    }

    /// Returns how many items can be taken at once.
    public int size() {
        return items.size();
    }

    /// Returns how many items it holds at most; [#UNBOUNDED] if nothing bounds it.
    public int sizeMax() {
        return sizeMax;
    }

    /// Returns whether there is nothing to take now.
    public boolean isEmpty() {
        return items.isEmpty();
    }

    /// Returns whether there is no room now.
    public boolean isFull() {
        return items.size() >= sizeMax;
    }

    @Override
    public String toString() {
        return "LoopQueue[%s, %s%s, %d unfinished, waiting to take: %d, to put: %d%s]"
                .formatted(
                        order,
                        items.size(),
                        sizeMax == UNBOUNDED ? "" : " of " + sizeMax,
                        unfinished,
                        takers.count(),
                        putters.count(),
                        closed ? ", closed" : "");
    }
}
