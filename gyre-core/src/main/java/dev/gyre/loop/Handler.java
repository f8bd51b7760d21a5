package dev.gyre.loop;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/// What a loop calls when a registered channel is ready: the classic raw handler.
///
/// A handler is called at most once per turn, with all that is ready in one mask. Readiness is
/// level-triggered: what is left unread is reported again in the next turn.
///
/// @param <C> the type of the channel, so that no cast is needed
@FunctionalInterface
public interface Handler<C extends SelectableChannel> {

    /// Handles readiness, on the loop.
    ///
    /// The kernel's error and hang-up events do not exist in NIO; they show up as readiness, and
    /// the reason is thrown by the next read, write or `finishConnect`. When this method lets that
    /// [IOException] out, and has neither removed itself nor closed the channel, the loop calls it
    /// once more with [IOLoop#ERROR] alone: a handler in the classic READ / WRITE / ERROR form
    /// works as it reads. Only a failed `finishConnect` has closed the channel by then.
    ///
    /// @param channel the channel that was registered
    /// @param events a mask of [IOLoop#READ] and [IOLoop#WRITE], or [IOLoop#ERROR] alone
    /// @throws IOException if the channel failed
    void handle(C channel, int events) throws IOException;
}
