package dev.gyre.verify.trial;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// The course of one trial: how long it lasts, and whether the loop still gets on.
///
/// A loop that stands still can tell nobody. So a thread looks at it, and ends the process when it
/// has made no progress for far longer than anything here takes. It must outlive any shortage, so
/// it has done all that it does once before the course begins.
final class Course {

    private static final long LOOK_NANOS = 500_000_000;
    private static final long STILL_NANOS_MAX = 20_000_000_000L;

    /// The exit status of a process whose loop stood still.
    static final int STOOD_STILL = 12;

    private final long endNanos;
    private final AtomicLong progress = new AtomicLong();

    /// How often the watch itself lacked memory. Its thread only.
    private long missed;

    /// Why a task ended too early; null while none has. The loop's thread only.
    private Throwable broken;

    private final List<Thread> strainers = new ArrayList<>();

    Course(long seconds) {
        rehearse();
        endNanos = System.nanoTime() + seconds * 1_000_000_000;
    }

    /// To find the handler of an error takes memory the first time, and without that the error goes
    /// past it; and a class that could not be initialised never will be.
    private void rehearse() {
        try (IOLoop loop = new IOLoop()) {
            look(() -> {
                throw new OutOfMemoryError("rehearsed");
            });
            look(loop::stop);
            look(() -> told(loop, Thread.currentThread()));
        }
        missed = 0;
    }

    /// Any thread.
    boolean isOver() {
        return System.nanoTime() - endNanos >= 0;
    }

    /// Counts one step of the loop under strain. Loop thread.
    void progress() {
        progress.setRelease(progress.getPlain() + 1);
    }

    long steps() {
        return progress.getAcquire();
    }

    /// Starts a thread that does something again and again, from when the loop has begun to when
    /// the course is over.
    void strain(String name, Runnable once) {
        strainers.add(
                Thread.ofPlatform()
                        .daemon()
                        .name(name)
                        .start(() -> {
                            while (steps() == 0 && !isOver()) {
                                LockSupport.parkNanos(LOOK_NANOS / 100);
                            }
                            while (!isOver()) {
                                once.run();
                            }
                        }));
    }

    /// Has the course fail if a task ends before it is over.
    void mustGoOn(Task<?> task) {
        task.onDone(
                value -> {},
                failure -> {
                    if (!isOver()) {
                        broken = failure;
                        IOLoop.current().stop();
                    }
                });
    }

    /// Runs the loop on this thread until the course is over, and closes it.
    ///
    /// @throws AssertionError if a task has ended before
    void run(IOLoop loop) throws InterruptedException {
        Thread carrier = Thread.currentThread();
        Thread.ofPlatform().daemon().name("trial-watch").start(() -> watch(loop, carrier));
        loop.start();
        joinStrainers();
        loop.close();
        if (broken != null) {
            throw new AssertionError("a task was broken", broken);
        }
    }

    /// The list is walked without an iterator: a strainer may hold all the memory still.
    private void joinStrainers() throws InterruptedException {
        for (int i = 0; i < strainers.size(); i++) {
            strainers.get(i).join();
        }
    }

    private void watch(IOLoop loop, Thread carrier) {
        Runnable stop = loop::stop;
        long seen = -1;
        long since = System.nanoTime();
        while (carrier.isAlive()) {
            LockSupport.parkNanos(LOOK_NANOS);
            if (isOver()) {
                look(stop);
            }
            long now = System.nanoTime();
            if (steps() != seen) {
                seen = steps();
                since = now;
            } else if (now - since > STILL_NANOS_MAX) {
                System.out.print(told(loop, carrier));
                System.out.flush();
                // Hooks might wait for what stands still.
                Runtime.getRuntime().halt(STOOD_STILL);
            }
        }
    }

    /// What fails is done at the next look.
    private void look(Runnable once) {
        try {
            once.run();
        } catch (Throwable e) {
            missed++;
        }
    }

    private String told(IOLoop loop, Thread carrier) {
        StringBuilder text = new StringBuilder();
        text.append(
                "the loop stood still after %,d steps, its thread is %s, %d looks missed%n"
                        .formatted(steps(), carrier.getState(), missed));
        for (Thread each : Arrays.asList(carrier, loop.runningThread())) {
            if (each != null) {
                text.append(each).append('\n');
                for (StackTraceElement frame : each.getStackTrace()) {
                    text.append("    at ").append(frame).append('\n');
                }
            }
        }
        return text.toString();
    }
}
