package dev.gyre.verify.trial;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;

/// An await that ends because the stack is used up must leave nothing behind: no place among those
/// who wait, no right to run beside others, no wake-up that somebody else's wait gets.
final class StackOverflows implements Strain {

    private static final int TASKS = 4;
    private static final int INNOCENTS = 8;

    /// The JDK copies a suspended stack frame by frame if one is interpreted, which overflows it
    /// far below its end; with more than these, the calls themselves do.
    private static final int FRAMES_MAX = 12_000;

    private long overflows;
    private long rounds;

    /// True while a task runs between two suspensions: two at once would be two parties.
    private boolean running;

    private record Answer(Object expected, LoopFuture<Object> future) {

        Answer(IOLoop loop) {
            this(new Object(), new LoopFuture<>(loop));
        }

        void awaitIt() {
            Object got = future.await();
            if (got != expected || !future.isDone()) {
                throw new AssertionError("awaited " + expected + ", got " + got);
            }
        }
    }

    @Override
    public String run(Course course) throws Exception {
        IOLoop loop = new IOLoop();
        for (int i = 0; i < TASKS; i++) {
            course.mustGoOn(loop.spawn("overflowing", () -> overflowAgainAndAgain(loop, course)));
        }
        for (int i = 0; i < INNOCENTS; i++) {
            course.mustGoOn(loop.spawn("innocent", () -> awaitAgainAndAgain(loop, course)));
        }
        course.run(loop);
        if (overflows == 0) {
            throw new AssertionError("no await has overflowed the stack");
        }
        return String.format(
                Locale.ROOT, "%,d awaits overflowed, %,d were right", overflows, rounds);
    }

    private Void overflowAgainAndAgain(IOLoop loop, Course course) {
        SplittableRandom random = new SplittableRandom();
        while (true) {
            Answer answer = answer(loop);
            try {
                awaitBelow(random.nextInt(FRAMES_MAX), answer);
            } catch (StackOverflowError e) {
                overflows++;
            }
            // The answer above may still come, and must wake nobody.
            awaitRightly(loop, course);
        }
    }

    private Void awaitAgainAndAgain(IOLoop loop, Course course) {
        while (true) {
            awaitRightly(loop, course);
        }
    }

    private void awaitRightly(IOLoop loop, Course course) {
        answer(loop).awaitIt();
        beAlone();
        rounds++;
        course.progress();
    }

    private static Answer answer(IOLoop loop) {
        Answer answer = new Answer(loop);
        loop.callLater(Duration.ZERO, () -> answer.future().complete(answer.expected()));
        return answer;
    }

    private void beAlone() {
        if (running) {
            throw new AssertionError("two tasks ran at the same time");
        }
        running = true;
        for (int i = 0; i < 100; i++) {
            Thread.onSpinWait();
        }
        if (!running) {
            throw new AssertionError("two tasks ran at the same time");
        }
        running = false;
    }

    private static int awaitBelow(int frames, Answer answer) {
        if (frames == 0) {
            answer.awaitIt();
            return 0;
        }
        return 1 + awaitBelow(frames - 1, answer);
    }
}
