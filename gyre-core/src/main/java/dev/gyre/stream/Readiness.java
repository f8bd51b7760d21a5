package dev.gyre.stream;

import dev.gyre.loop.IOLoop;

/// The ear of a stream at its transport, and what that was told to watch for.
final class Readiness implements Transport.Target {

    private final IOStream stream;

    /// What the transport was told to watch for.
    private int watched = IOLoop.NONE;

    Readiness(IOStream stream) {
        this.stream = stream;
    }

    /// Has the transport watch for these events and no others.
    void watch(int events) {
        if (stream.isOpen() && events != watched) {
            watched = events;
            try {
                stream.transport().watch(events);
            } catch (Throwable e) {
                stream.close(BrokenTransport.reason(stream, e));
            }
        }
    }

    /// Has the transport watch for these events, and for input still if it did: that is turned off
    /// only when some comes that nobody wants.
    void watchAlso(int events) {
        watch(events | (watched & IOLoop.READ));
    }

    @Override
    public void ready(int events) {
        if (stream.isOpen() && (events & IOLoop.READ) != 0) {
            stream.receive();
        }
        if (stream.isWritable() && (events & IOLoop.WRITE) != 0) {
            stream.sending().now();
        }
        stream.updateWatch();
    }

    @Override
    public boolean isBare() {
        return stream.transport().isBare();
    }
}
