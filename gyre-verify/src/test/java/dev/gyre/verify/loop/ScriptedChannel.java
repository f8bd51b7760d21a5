package dev.gyre.verify.loop;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;

/// A channel without a kernel behind it, whose end the test writes.
final class ScriptedChannel extends AbstractSelectableChannel {

    private final End end;

    /// What happens when the channel is closed.
    interface End {
        void of(SelectableChannel channel) throws IOException;
    }

    ScriptedChannel(End end) {
        super(SelectorProvider.provider());
        this.end = end;
        configure();
    }

    private void configure() {
        try {
            configureBlocking(false);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        end.of(this);
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        // There is nothing to tell.
    }

    @Override
    public int validOps() {
        return SelectionKey.OP_READ | SelectionKey.OP_WRITE;
    }
}
