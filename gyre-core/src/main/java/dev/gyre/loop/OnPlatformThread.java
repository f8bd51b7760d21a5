package dev.gyre.loop;

/// Runs code on a platform thread and waits for it: only such a thread can carry coroutines.
final class OnPlatformThread {

    private OnPlatformThread() {}

    static void run(Runnable work) {
        if (!Thread.currentThread().isVirtual()) {
            work.run();
            return;
        }
        join(Thread.ofPlatform().name("gyre-helper").start(work));
    }

    /// Waits for the end of a thread, come what may; an interrupt is kept for the caller.
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
