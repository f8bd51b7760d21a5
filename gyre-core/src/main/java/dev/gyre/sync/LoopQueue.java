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

/// Hands items from tasks of a loop to other tasks of that loop, and makes a task wait where there
/// is no item for it, or no room for its item.
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
/// The factory method decides which item is taken next: [#fifo] the oldest, [#lifo] the newest,
/// [#priority] the least in a given order, of equal ones the oldest. Tasks that wait to put, and
/// tasks that wait to take, are served in the order of their calls whatever the order of the items.
/// Takers wait only while the queue is empty, putters only while it is full.
///
/// **Time-outs and cancellation.** A time-out is that of [LoopFuture#await(Duration)]. A task that
/// is cancelled while it waits, or whose time is up, leaves at once: a taker gets no item, and the
/// item of a putter never goes in. An item that was handed over before that is not lost: `await`
/// returns it, and the next suspension throws. When cancelling the future of a [#take] itself
/// returns `false`, the future's `resultNow()` has the item.
///
/// **Threads.** A queue belongs to its loop. Every method that changes the queue refuses foreign
/// threads; the others do not check.
///
/// @param <T> the type of the items, which are never null
public final class LoopQueue<T> implements AutoCloseable {

    /// The limit of a queue that is never full. The name says, where the queue is made, that
    /// nothing but memory bounds what a fast producer leaves in it.
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    private final String order;
    private final int sizeMax;
    private final Queue<T> items;

    /// Those who wait to take: nobody unless `items` is empty and the queue open.
    private final Waiters<T> takers;

    /// Those who wait to put: nobody unless `items` is full and the queue open.
    private final Waiters<@Nullable Void> putters;

    private final Waiters<@Nullable Void> joiners;

    /// The item that is being handed to a taker; null at all other times.
    private @Nullable T inHand;

    /// How many items have gone in for which [#taskDone] was not called yet.
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

    /// Returns an empty list, and not an [java.util.ArrayDeque]: `ArrayDeque.addLast` takes its
    /// last free place before it grows, and a deque that found no memory or stack to grow counts as
    /// empty, however many items it holds.
    @SuppressWarnings("JdkObsolete")
    private static <T> Deque<T> newLine() {
        return new LinkedList<>();
    }

    /// Returns a queue on the current loop that gives the least item first, of equal ones the
    /// oldest.
    ///
    /// @param sizeMax how many items it holds, at least one, or [#UNBOUNDED]
    /// @param order compares items when one goes in. The comparator is called inside the methods of
    ///   the queue, so it must not use the queue. What it throws fails the put of that item, and
    ///   nothing else.
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
    /// @return a future that is done when the item is in; failed with a [QueueClosedException] if
    ///   the queue is closed, or is closed before there is room: then the item was not put
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
        // The item goes in last: whatever fails before, for want of stack or memory, puts nothing
        // in.
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

    /// Gives the item to a taker, or to the queue if none waits. Either is done wholly, or not at
    /// all if there is no stack for it.
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
        // Inserting comes before counting, since the comparator may throw.
        items.add(item);
        unfinished++;
    }

    /// Lets in the item of a task that waits to put. Only once: where there is no stack to tell the
    /// task so, it waits on although its item is in, and is granted again.
    private final class Admission implements Supplier<@Nullable Void> {

        /// The item that is to go in; null once it has.
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
            // The item is removed last: whatever fails before, for want of stack or memory, takes
            // none away.
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

    /// Lets in the item of the task that has waited longest to put. Called before an item is taken,
    /// so that this one competes: it may be the next. For this moment the queue holds one item more
    /// than its limit.
    private void admit() {
        putters.grantOldest();
    }

    // Work on items that were taken: done, and waited for.

    /// Says that the work for one item that was taken is done. [#join] waits until this was said
    /// for each.
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
        // Counted last: where telling the joiners fails for want of stack, this method can be
        // called again.
        unfinished--;
    }

    /// Waits until [#taskDone] was called for every item that was ever put. Taking an item is not
    /// enough, and closing the queue changes nothing: the work for items that are left in it still
    /// has to be done.
    ///
    /// @return a future that is done already if there is nothing to wait for
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public LoopFuture<@Nullable Void> join() {
        joiners.checkThread("LoopQueue.join");
        return unfinished == 0
                ? LoopFuture.completed(joiners.loop(), null)
                : joiners.add(() -> null);
    }

    // Closing: no item goes in any more, and those who wait fail.

    /// Ends the putting. Items in the queue can still be taken; after that, taking fails. The
    /// futures of all who wait fail at once, each with a [QueueClosedException], and no item of a
    /// waiting putter goes in. Does nothing the second time.
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

    /// Returns how many items the queue holds at most; [#UNBOUNDED] if nothing bounds it.
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
