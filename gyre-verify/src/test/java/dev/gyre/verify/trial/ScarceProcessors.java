package dev.gyre.verify.trial;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopMetrics;
import dev.gyre.loop.Task;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// A loop that lacks a processor is slow, and not stuck: no await may be broken for that.
final class ScarceProcessors implements Strain {

    private static final int COMPUTING = 40;
    private static final int TASKS = 20;
    private static final Duration WATCH = Duration.ofMillis(1);

    /// Interpreted frames that a suspension copies one by one.
    private static final int DEPTH = 1500;

    private long awaits;
    private long broken;

    @Override
    public String run(Course course) throws Exception {
        IOLoop loop = new IOLoop();
        AtomicLong computed = new AtomicLong();
        for (int i = 0; i < TASKS; i++) {
            int depth = i % 2 == 0 ? 0 : DEPTH;
            course.mustGoOn(
                    loop.spawn(
                            "awaiting",
                            () -> {
                                while (true) {
                                    pauseOnce(course, depth);
                                    course.progress();
                                }
                            }));
        }
        for (int i = 0; i < COMPUTING; i++) {
            course.strain("computing-" + i, () -> compute(computed));
        }
        loop.watch(WATCH);
        course.run(loop);
        LoopMetrics metrics = loop.metrics();
        String text =
                String.format(
                        Locale.ROOT,
                        "%,d awaits beside %d computing threads, %d broken, %,d long turns",
                        awaits,
                        COMPUTING,
                        broken,
                        metrics.blockedTurns());
        if (broken > 0 || awaits == 0) {
            throw new AssertionError(text);
        }
        return text;
    }

    private void pauseOnce(Course course, int depth) {
        try {
            pauseBelow(depth);
            awaits++;
        } catch (IllegalStateException e) {
            broken += course.isOver() ? 0 : 1;
        }
    }

    private static int pauseBelow(int frames) {
        if (frames == 0) {
            Task.pause();
            return 0;
        }
        return 1 + pauseBelow(frames - 1);
    }

    private static void compute(AtomicLong computed) {
        long sum = 0;
        for (int i = 0; i < 1_000_000; i++) {
            sum += i ^ (sum << 1);
        }
        computed.addAndGet(sum);
    }
}
