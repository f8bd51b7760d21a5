package dev.gyre.loop;

/// A piece of user code that a loop runs later, on its own thread.
///
/// What the code throws goes to the loop's [UncaughtHandler]; the loop goes on.
@FunctionalInterface
public interface Callback {

    /// Runs the code, on the loop, never inside the call that scheduled it.
    ///
    /// @throws Exception whatever the code meets; the loop reports it
    void run() throws Exception;
}
