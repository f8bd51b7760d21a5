package dev.gyre.loop;

/// What a coroutine runs, once.
interface CoroutineBody extends Runnable {

    /// Called when the coroutine's thread was interrupted while the coroutine waited. On the
    /// coroutine.
    void interrupted();
}
