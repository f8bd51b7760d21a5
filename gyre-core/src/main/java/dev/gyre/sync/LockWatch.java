package dev.gyre.sync;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Notices, in debug mode, that a task has ended and not released a lock, and tells the log.
final class LockWatch {

    private static final String OURS = LockWatch.class.getPackageName() + ".";

    /// What tasks have asked for and not released, in the order of their calls; with some that were
    /// given up.
    private final Deque<Claim> claims = new ArrayDeque<>();

    /// The tasks of which the end will be heard.
    private final Set<Task<?>> watched = new HashSet<>();

    /// @param task who has asked; null if that was no task
    private record Claim(LoopFuture<Permit> permit, @Nullable Task<?> task, String where) {

        boolean isGranted() {
            return permit.state() == Future.State.SUCCESS;
        }

        boolean isGivenUp() {
            return permit.isDone() && !isGranted();
        }
    }

    /// Returns the watch over a new lock; null if this is not debug mode.
    static @Nullable LockWatch newOrNull() {
        return Logs.isDebugMode() ? new LockWatch() : null;
    }

    /// Notes that the code that runs has asked for the lock.
    void asked(LoopLock lock, LoopFuture<Permit> permit) {
        claims.removeIf(Claim::isGivenUp);
        Task<?> task = currentOrNull();
        Claim claim = new Claim(permit, task, where());
        claims.add(claim);
        if (task != null && watched.add(task)) {
            // A turn later: who hears of the end of the task may release the lock for it.
            task.onEnd(() -> IOLoop.current().addCallback(() -> ended(lock, task)));
        }
    }

    /// Notes that whoever had the lock has released it.
    void released() {
        for (Claim claim : claims) {
            if (claim.isGranted()) {
                claims.remove(claim);
                return;
            }
        }
    }

    private void ended(LoopLock lock, Task<?> task) {
        watched.remove(task);
        for (Claim claim : claims) {
            if (claim.task() == task && !claim.isGivenUp()) {
                tell(lock, claim, task);
            }
        }
    }

    private static void tell(LoopLock lock, Claim claim, Task<?> task) {
        Logs.GENERAL.hint(
                ("%s has ended and %s %s, for which it asked at %s; release it however the task"
                                + " ends: try (var _ = lock.acquire().await()) { ... }")
                        .formatted(
                                task,
                                claim.isGranted() ? "still has" : "is still in the line for",
                                lock,
                                claim.where()),
                null);
    }

    private static @Nullable Task<?> currentOrNull() {
        try {
            return Task.current();
        } catch (IllegalStateException e) {
            return null;
        }
    }

    private static String where() {
        return StackWalker.getInstance()
                .walk(frames ->
                        frames.dropWhile(frame -> frame.getClassName().startsWith(OURS))
                                .findFirst()
                                .map(frame -> frame.toStackTraceElement().toString())
                                .orElse("an unknown place"));
    }
}
