package dev.gyre.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The live tasks of a loop, in the order in which they were spawned, linked through themselves.
final class TaskList {

    private @Nullable Task<?> first;
    private @Nullable Task<?> last;

    boolean isEmpty() {
        return first == null;
    }

    void add(Task<?> task) {
        task.before = last;
        if (last == null) {
            first = task;
        } else {
            last.after = task;
        }
        last = task;
    }

    void remove(Task<?> task) {
        Task<?> before = task.before;
        Task<?> after = task.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        task.before = null;
        task.after = null;
    }

    List<Task<?>> copy() {
        List<Task<?>> tasks = new ArrayList<>();
        for (Task<?> task = first; task != null; task = task.after) {
            tasks.add(task);
        }
        return tasks;
    }

    /// Writes the tree of tasks, each with its age, what it awaits, since when, and its stack.
    String dump(String loopName, long now) {
        List<Task<?>> tasks = copy();
        StringBuilder text = new StringBuilder();
        text.append(loopName).append(": ").append(tasks.size()).append(" tasks\n");
        for (Task<?> task : tasks) {
            // The parent of an orphan has ended, so it stands at the root.
            if (task.parent() == null || !tasks.contains(task.parent())) {
                append(text, task, tasks, now, "  ");
            }
        }
        return text.toString();
    }

    private static void append(
            StringBuilder text, Task<?> task, List<Task<?>> tasks, long now, String indent) {
        text.append(indent).append(task.name()).append(", age ").append(age(task, now));
        LoopFuture<?> awaited = task.awaiting();
        if (awaited != null) {
            Duration since = Duration.ofNanos(now - task.awaitingSinceNanos());
            text.append(", awaits ").append(awaited).append(" since ").append(since);
        }
        text.append('\n');
        for (StackTraceElement frame : task.coroutine().thread().getStackTrace()) {
            if (!isOurs(frame)) {
                text.append(indent).append("    at ").append(frame).append('\n');
            }
        }
        for (Task<?> child : tasks) {
            if (child.parent() == task) {
                append(text, child, tasks, now, indent + "  ");
            }
        }
    }

    private static Duration age(Task<?> task, long now) {
        return Duration.ofNanos(now - task.spawnedNanos());
    }

    private static boolean isOurs(StackTraceElement frame) {
        return frame.getClassName().startsWith("java.lang.VirtualThread")
                || frame.getMethodName().equals("parkVirtualThread")
                || frame.getClassName().startsWith("jdk.internal.vm.")
                || frame.getClassName().startsWith("dev.gyre.loop.Coroutine")
                || frame.getClassName().startsWith("dev.gyre.loop.CarrierCoroutine")
                || frame.getClassName().startsWith("dev.gyre.loop.BatonCoroutine")
                || frame.getClassName().startsWith("java.util.concurrent.locks.LockSupport");
    }
}
