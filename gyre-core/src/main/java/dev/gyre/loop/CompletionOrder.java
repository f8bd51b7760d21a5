package dev.gyre.loop;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Several futures, one after the other as they get done: see [LoopFuture#inCompletionOrder].
///
/// ```java
/// CompletionOrder<String> answers = LoopFuture.inCompletionOrder(questions);
/// while (answers.hasNext()) {
///     print(answers.next().await().await());
/// }
/// ```
///
/// Loop thread only.
///
/// @param <T> the type of the values
public final class CompletionOrder<T extends @Nullable Object> {

    private final IOLoop loop;

    /// Those that are done and were not asked for.
    private final Queue<LoopFuture<T>> done = new ArrayDeque<>();

    /// Those who asked when nothing was done.
    private final Queue<LoopFuture<LoopFuture<T>>> asked = new ArrayDeque<>();

    /// How many were not asked for yet.
    private int remaining;

    CompletionOrder(Collection<LoopFuture<T>> futures) {
        this.loop = futures.isEmpty() ? IOLoop.current() : futures.iterator().next().loop;
        this.remaining = futures.size();
        for (LoopFuture<T> future : futures) {
            future.whenEnded(() -> ended(future));
        }
    }

    /// Returns whether there are futures left to ask for, done or not.
    public boolean hasNext() {
        return remaining > 0;
    }

    /// Returns the next future to be done, as the value of a future that has it once it is. Those
    /// that were done at the beginning come first, in their order. Its own failure stays with it.
    ///
    /// @throws NoSuchElementException if all were asked for
    public LoopFuture<LoopFuture<T>> next() {
        if (remaining == 0) {
            throw new NoSuchElementException("all futures were asked for");
        }
        remaining--;
        LoopFuture<T> first = done.poll();
        if (first != null) {
            return LoopFuture.completed(loop, first);
        }
        LoopFuture<LoopFuture<T>> next = new LoopFuture<>(loop);
        asked.add(next);
        return next;
    }

    private void ended(LoopFuture<T> future) {
        // One that was given up may be cancelled; its future goes to the next who asks.
        LoopFuture<LoopFuture<T>> next = asked.poll();
        while (next != null && !next.complete(future)) {
            remaining++;
            next = asked.poll();
        }
        if (next == null) {
            done.add(future);
        }
    }
}
