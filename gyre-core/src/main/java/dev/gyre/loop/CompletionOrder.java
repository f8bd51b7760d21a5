package dev.gyre.loop;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
/// Nothing has to be done with one that is not asked to its end: it leaves nothing behind in the
/// futures, however long these live.
///
/// Loop thread only.
///
/// @param <T> the type of the values
public final class CompletionOrder<T extends @Nullable Object> {

    private final IOLoop loop;

    /// The futures that are done and were not asked for.
    private final Queue<LoopFuture<T>> done;

    /// The requests that came when no future was done, and were not given up.
    private final SequencedSet<Request> asked = new LinkedHashSet<>();

    /// How many futures are left to ask for: those nobody has asked for, and those of requests that
    /// were given up.
    private int remaining;

    private final Interest<T> interest;

    CompletionOrder(Collection<? extends LoopFuture<T>> futures) {
        List<LoopFuture<T>> copied = List.copyOf(futures);
        this.loop = Combined.loopOf(copied, "LoopFuture.inCompletionOrder");
        this.remaining = copied.size();
        // Room for all, since there may be no memory for more when they end.
        this.done = new ArrayDeque<>(copied.size());
        leaveForThoseGone(loop.goneOrders());
        this.interest = new Interest<>(this, loop.goneOrders());
        for (LoopFuture<T> future : copied) {
            interest.in(future);
        }
    }

    /// Takes the waits of orders that were collected out of their futures. Whenever a new one
    /// begins: so there are never many more than are in use.
    private static void leaveForThoseGone(ReferenceQueue<CompletionOrder<?>> gone) {
        Reference<?> reference = gone.poll();
        while (reference != null) {
            if (reference instanceof Interest<?> interest) {
                interest.leave();
            }
            reference = gone.poll();
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
        LoopFuture<T> first = done.peek();
        if (first != null) {
            LoopFuture<LoopFuture<T>> given = LoopFuture.completed(loop, first);
            // Last, here and below: what fails before, for want of memory, has asked for nothing.
            done.remove();
            remaining--;
            return given;
        }
        Request request = new Request();
        asked.add(request);
        interest.asked = this;
        remaining--;
        return request.answer;
    }

    private void ended(LoopFuture<T> future) {
        while (!asked.isEmpty()) {
            Request first = asked.removeFirst();
            forgetIfNobodyAsks();
            if (first.answer.complete(future)) {
                return;
            }
            // The request was not given up but completed, by whoever holds its future: that is
            // public.
            remaining++;
        }
        done.add(future);
    }

    private void forgetIfNobodyAsks() {
        if (asked.isEmpty()) {
            interest.asked = null;
        }
    }

    /// A request for the next future to be done.
    private final class Request {

        private final LoopFuture<LoopFuture<T>> answer =
                new LoopFuture<>(loop, new Operation("CompletionOrder.next", this::givenUp));

        private void givenUp() {
            asked.remove(this);
            forgetIfNobodyAsks();
            remaining++;
        }
    }

    /// What futures hold of an order: not the order itself, of which nobody says when it is used no
    /// more, but while somebody waits for the next one.
    private static final class Interest<T extends @Nullable Object>
            extends WeakReference<CompletionOrder<?>> {

        /// The order while somebody has asked for the next one; else null.
        @Nullable CompletionOrder<T> asked;

        private final List<Wait<T>> waits = new ArrayList<>();

        Interest(CompletionOrder<T> order, ReferenceQueue<CompletionOrder<?>> gone) {
            super(order, gone);
        }

        void in(LoopFuture<T> future) {
            if (future.isDone()) {
                future.looked();
                ended(future);
                return;
            }
            Wait<T> wait = new Wait<>(this, future);
            waits.add(wait);
            future.addWaiter(wait);
        }

        @SuppressWarnings("unchecked") // It was made with one of that type.
        void ended(LoopFuture<T> future) {
            CompletionOrder<T> order = asked == null ? (CompletionOrder<T>) get() : asked;
            if (order != null) {
                order.ended(future);
            }
        }

        void leave() {
            waits.forEach(wait -> wait.future.leave(wait));
        }
    }

    /// What is done when a future ends.
    private static final class Wait<T extends @Nullable Object> extends Step {

        private final Interest<T> interest;
        private final LoopFuture<T> future;

        Wait(Interest<T> interest, LoopFuture<T> future) {
            super(Context.EMPTY);
            this.interest = interest;
            this.future = future;
        }

        @Override
        boolean isBare() {
            return true;
        }

        @Override
        void run() {
            interest.ended(future);
        }
    }
}
