package dev.gyre.loop;

/// Is told of every exception that user code lets out into a loop.
///
/// The default writes it to the logger `dev.gyre.application`, at most [#RECORDS_PER_SECOND_MAX]
/// records in a second, and tells how many it left out. Errors of the virtual machine that user
/// code has met, such as an [OutOfMemoryError], are exceptions like any other here.
@FunctionalInterface
public interface UncaughtHandler {

    /// The most records in a second: enough to see what is wrong, too few to fill a disk when a
    /// callback fails at full speed.
    int RECORDS_PER_SECOND_MAX = 100;

    /// Reports a failure, on the loop. What this method itself throws is logged.
    ///
    /// @param loop the loop, which goes on
    /// @param running what was running, in words
    /// @param failure what the running code threw
    void handle(IOLoop loop, String running, Throwable failure);
}
