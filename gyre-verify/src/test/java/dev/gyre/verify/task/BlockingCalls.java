package dev.gyre.verify.task;

import java.time.Duration;

/// Calls of the JDK that tests must not use to wait for something, and that are here what is
/// tested: what they do inside a coroutine.
final class BlockingCalls {

    private BlockingCalls() {}

    static void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }

    /// Lets other coroutines of the loop run, by the means of the JDK.
    @SuppressWarnings("ThreadPriorityCheck") // What it does to a coroutine is being tested.
    static void yieldThread() {
        Thread.yield();
    }
}
