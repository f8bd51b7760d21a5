package dev.gyre.loop;

/// A callback that runs on the bare loop thread, outside of any coroutine.
///
/// A bare callback saves the loop from mounting its runner, which matters for what runs at every
/// message. In return it may do little: it must not block, await, log, call the code of users or of
/// service providers, or take a lock that a suspended coroutine might hold, for only this thread
/// could resume that coroutine. What the callback throws goes to the loop's [UncaughtHandler], in a
/// later step.
@FunctionalInterface
public interface BareCallback extends Callback {

    @Override
    void run();
}
