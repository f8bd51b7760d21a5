package dev.gyre.verify.trial;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// The JDK holds a coroutine back while somebody looks at its stack, and hands it over afterwards:
/// the loop must not wait for it meanwhile.
final class StackTraces implements Strain {

    private static final int TASKS = 200;
    private static final int CALLBACKS = 200;

    /// The library's own watchdog takes traces too.
    private static final Duration WATCH = Duration.ofMillis(1);

    @Override
    public String run(Course course) throws Exception {
        IOLoop loop = new IOLoop();
        AtomicLong traces = new AtomicLong();
        for (int i = 0; i < TASKS; i++) {
            course.mustGoOn(
                    loop.spawn(
                            "pausing",
                            () -> {
                                while (true) {
                                    Task.pause();
                                    course.progress();
                                }
                            }));
        }
        for (int i = 0; i < CALLBACKS; i++) {
            again(loop, course);
        }
        loop.watch(WATCH);
        course.strain("tracer", () -> trace(loop, traces));
        course.run(loop);
        return String.format(
                Locale.ROOT,
                "%,d stack traces, %,d steps of the loop",
                traces.get(),
                course.steps());
    }

    private static void again(IOLoop loop, Course course) {
        loop.addCallback(() -> {
            course.progress();
            again(loop, course);
        });
    }

    private static void trace(IOLoop loop, AtomicLong traces) {
        Thread running = loop.runningThread();
        if (running != null && running.isVirtual()) {
            traces.addAndGet(running.getStackTrace().length > 0 ? 1 : 0);
        }
    }
}
