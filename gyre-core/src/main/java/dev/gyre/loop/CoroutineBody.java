package dev.gyre.loop;

/// What a coroutine runs, once.
interface CoroutineBody extends Runnable {

    /// Hears that the thread was interrupted while the coroutine waited. On the coroutine.
    void interrupted();
}
