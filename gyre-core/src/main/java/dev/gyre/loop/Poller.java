package dev.gyre.loop;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/// What a loop sleeps in: it watches channels for readiness and can be woken. A seam for simulators
/// and scripted tests; hand in one of your own with [LoopOptions#withPoller].
///
/// All methods but [#wakeup] are called by the loop's thread alone. A poller never runs user code:
/// it tells its targets ([Target]), and the loop calls the handlers when the poll has returned.
/// Events are masks of [IOLoop#READ] and [IOLoop#WRITE].
public interface Poller extends AutoCloseable {

    /// Opens the poller of the platform: epoll on Linux, kqueue on macOS and BSD, wepoll on
    /// Windows.
    ///
    /// @throws java.io.UncheckedIOException if the system is out of descriptors
    static Poller open() {
        return SelectorPoller.open();
    }

    /// Begins to watch a channel. A channel whose earlier watch was cancelled may be given again at
    /// once.
    ///
    /// @param channel an open channel in non-blocking mode
    /// @param events what to watch for; [IOLoop#NONE] keeps the watch but reports nothing
    /// @param target the one that is told when the channel is ready
    /// @return the watch, through which the loop changes or ends it
    /// @throws IOException if the channel is closed or the system refuses
    Watch watch(SelectableChannel channel, int events, Target target) throws IOException;

    /// Tells the targets of ready channels, after waiting for at most `timeoutNanos` if no channel
    /// is ready. Cancelled watches are released by this call at the latest.
    ///
    /// @param timeoutNanos 0 to look without waiting, [Long#MAX_VALUE] to wait for ever; may be
    ///   rounded up to whole milliseconds
    /// @throws IOException if the system's poller fails, which ends the loop
    void poll(long timeoutNanos) throws IOException;

    /// Makes the poll that is under way, or the next one, return at once. Any thread; legal after
    /// [#close] too, without effect.
    void wakeup();

    /// Returns whether a test or simulator drives the loop with this poller: it starts and stops
    /// the loop over and over, so that a stop is no end. The loop does not report then, when it
    /// stops, the failures that nobody has looked at yet; see [LoopFuture#UNOBSERVED_MAX].
    default boolean isDriven() {
        return false;
    }

    /// Releases the poller and all its watches. The channels stay open.
    @Override
    void close() throws IOException;

    /// The one whom a poller tells that a channel is ready.
    @FunctionalInterface
    interface Target {

        /// Notes that the channel is ready for `events`. Called within [Poller#poll] only, at most
        /// once per poll and channel.
        void ready(int events);
    }

    /// A watched channel, for the loop to change what is watched for.
    interface Watch {

        /// Replaces what the channel is watched for.
        void events(int events);

        /// Ends the watch; its target is not told any more. Harmless when repeated and when the
        /// channel is closed. The port of a listener, or of a socket that is not connected, is free
        /// as soon as both have happened, in whichever order.
        void cancel();
    }
}
