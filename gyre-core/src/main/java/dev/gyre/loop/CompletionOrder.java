package dev.gyre.loop;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.SequencedSet;
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

    /// Those who asked when nothing was done, and have not given up.
    private final SequencedSet<Request> asked = new LinkedHashSet<>();

    /// How many nobody has asked for, or who asked has given up.
    private int remaining;

    CompletionOrder(Collection<? extends LoopFuture<T>> futures) {
        List<LoopFuture<T>> copied = List.copyOf(futures);
        this.loop = Combined.loopOf(copied, "LoopFuture.inCompletionOrder");
        this.remaining = copied.size();
        for (LoopFuture<T> future : copied) {
            future.whenEnded(() -> ended(future));
        }
    }

    /// Returns whether there are futures left to ask for, done or not.
    public boolean hasNext() {
        return remaining > 0;
    }

    /// Returns the next future to be done, as the value of a future that has it once it is. Those
    /// that were done at the beginning come first, in their order. Its own failure stays with it.
    /// Who is cancelled while waiting, or runs out of time, has asked for nothing.
    ///
    /// @throws NoSuchElementException if all were asked for
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public LoopFuture<LoopFuture<T>> next() {
        loop.checkThread("CompletionOrder.next");
        if (remaining == 0) {
            throw new NoSuchElementException("all futures were asked for");
        }
        remaining--;
        LoopFuture<T> first = done.poll();
        if (first != null) {
            return LoopFuture.completed(loop, first);
        }
        Request request = new Request();
        asked.add(request);
        return request.answer;
    }

    private void ended(LoopFuture<T> future) {
        while (!asked.isEmpty()) {
            if (asked.removeFirst().answer.complete(future)) {
                return;
            }
            // Completing a future is public, so its holder has done that.
            remaining++;
        }
        done.add(future);
    }

    /// Somebody who asked for the next one.
    private final class Request {

        private final LoopFuture<LoopFuture<T>> answer =
                new LoopFuture<>(loop, new Operation("CompletionOrder.next", this::givenUp));

        private void givenUp() {
            asked.remove(this);
            remaining++;
        }
    }
}
