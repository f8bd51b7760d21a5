package dev.gyre.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The live tasks of a loop, in the order in which they were spawned, linked through themselves.
final class TaskList {

    /// The depth up to which a dump indents: beyond that its lines would be mostly blanks.
    private static final int DEPTH_SHOWN_MAX = 32;

    private @Nullable Task<?> first;
    private @Nullable Task<?> last;

    /// What is to run at the ends of tasks; null while that is nothing, as it is mostly.
    private @Nullable Map<Task<?>, StepList> endings;

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
        if (endings != null) {
            queueEnding(task, endings);
        }
    }

    /// Notes a step that is queued once a task has ended, which it has not.
    void onEnd(Task<?> task, Step step) {
        Map<Task<?>, StepList> noted = endings == null ? new HashMap<>() : endings;
        endings = noted;
        noted.computeIfAbsent(task, ended -> new StepList()).add(step);
    }

    private void queueEnding(Task<?> task, Map<Task<?>, StepList> noted) {
        StepList steps = noted.remove(task);
        if (noted.isEmpty()) {
            endings = null;
        }
        if (steps != null) {
            for (Step step = steps.poll(); step != null; step = steps.poll()) {
                task.loop.thread().enqueue(step);
            }
        }
    }

    List<Task<?>> copy() {
        List<Task<?>> tasks = new ArrayList<>();
        for (Task<?> task = first; task != null; task = task.after) {
            tasks.add(task);
        }
        return tasks;
    }

    /// Returns the tree of tasks as text, each with its age, what it awaits, since when, and its
    /// stack.
    String dump(String loopName, long now) {
        List<Task<?>> tasks = copy();
        StringBuilder text = new StringBuilder();
        text.append(loopName).append(": ").append(tasks.size());
        text.append(tasks.size() == 1 ? " task\n" : " tasks\n");
        Map<Task<?>, List<Task<?>>> children = new HashMap<>();
        tasks.forEach(task -> children.put(task, new ArrayList<>()));
        Deque<Place> left = new ArrayDeque<>();
        for (Task<?> task : tasks) {
            List<Task<?>> siblings = children.get(task.parent());
            if (siblings == null) {
                // No task spawned this one, or the task that did has ended.
                left.add(new Place(task, 1));
            } else {
                siblings.add(task);
            }
        }
        // The walk is no recursion, since tasks may be nested deeper than the stack.
        for (Place place = left.poll(); place != null; place = left.poll()) {
            append(text, place, now);
            for (Task<?> child : children.getOrDefault(place.task, List.of()).reversed()) {
                left.push(new Place(child, place.depth + 1));
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Place place, long now) {
        Task<?> task = place.task;
        String indent = place.indent();
        text.append(indent);
        if (place.depth > DEPTH_SHOWN_MAX) {
            text.append("(depth ").append(place.depth).append(") ");
        }
        text.append(task.name()).append(", age ").append(Durations.text(age(task, now)));
        LoopFuture<?> awaited = task.awaiting();
        if (awaited != null) {
            Duration since = Duration.ofNanos(now - task.awaitingSinceNanos());
            text.append(", awaits ").append(awaited);
            text.append(" for ").append(Durations.text(since));
        }
        Site site = task.site();
        if (site != null) {
            text.append(", spawned at ").append(site);
        }
        text.append('\n');
        text.append(task.coroutine().stack(indent));
    }

    /// A task in the tree; at the root the depth is 1.
    private record Place(Task<?> task, int depth) {

        String indent() {
            return "  ".repeat(Math.min(depth, DEPTH_SHOWN_MAX));
        }
    }

    private static Duration age(Task<?> task, long now) {
        return Duration.ofNanos(now - task.spawnedNanos());
    }
}
