package dev.gyre.loop;

import java.nio.channels.SelectableChannel;

/// A handler that runs on the bare loop thread, outside of any coroutine. It may do as little as a
/// [BareCallback].
///
/// @param <C> the type of the channel
@FunctionalInterface
public interface BareHandler<C extends SelectableChannel> extends Handler<C> {

    @Override
    void handle(C channel, int events);
}
