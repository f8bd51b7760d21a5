package dev.gyre.sync;

import java.util.AbstractQueue;
import java.util.Comparator;
import java.util.Iterator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Items in the order of a comparator, equal ones as they came.
///
/// Not a [java.util.PriorityQueue]: that one breaks ties arbitrarily, as its documentation says,
/// and moves items between the comparisons of an insertion (`PriorityQueue.siftUp`), so that it
/// loses one when the comparator throws. A [TreeSet] compares only when an item is added, and
/// before it changes. If the stack ends while the tree changes, the tree is broken: hence the look
/// at the stack before.
///
/// @param <T> the type of the items
final class PriorityLine<T> extends AbstractQueue<T> {

    /// How many frames of [#requireStack] there must be room for: many times what a tree needs to
    /// change once it has compared, since its frames are larger than those of the look if they are
    /// interpreted.
    private static final int FRAMES = 128;

    private final TreeSet<Entry<T>> entries;

    /// The number of the entry that comes next.
    private long nextNumber;

    private record Entry<T>(T item, long number) {}

    PriorityLine(Comparator<? super T> order) {
        Comparator<Entry<T>> byItem = Comparator.comparing(Entry::item, order);
        entries = new TreeSet<>(byItem.thenComparingLong(Entry::number));
    }

    @Override
    public boolean offer(T item) {
        requireStack(FRAMES);
        return entries.add(new Entry<>(item, nextNumber++));
    }

    @Override
    public @Nullable T poll() {
        requireStack(FRAMES);
        Entry<T> first = entries.pollFirst();
        return first == null ? null : first.item();
    }

    /// Throws a [StackOverflowError] now if the change of the tree that follows may find no stack.
    private static int requireStack(int frames) {
        return frames == 0 ? 0 : requireStack(frames - 1) + 1;
    }

    @Override
    public @Nullable T peek() {
        return entries.isEmpty() ? null : entries.getFirst().item();
    }

    @Override
    public Iterator<T> iterator() {
        return entries.stream().map(Entry::item).iterator();
    }

    @Override
    public int size() {
        return entries.size();
    }
}
