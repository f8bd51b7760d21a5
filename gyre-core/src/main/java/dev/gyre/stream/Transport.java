package dev.gyre.stream;

import dev.gyre.loop.IOLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/// What an [IOStream] is built on: it moves bytes without ever waiting, and says when it can move
/// more. A seam for simulators and new kinds of transport; who writes servers uses the stream.
///
/// A transport belongs to one stream, which closes it, and after [#attach] to one loop, whose
/// thread alone calls it.
public interface Transport {

    /// What [#read] returns when the peer has ended its output in order.
    int END = -1;

    /// Begins to tell `target` what this transport is ready for, as far as [#watch] asks for it.
    /// Called before anything else. Called again, with another target, when a stream goes over to
    /// TLS: then the first one hears nothing any more.
    void attach(IOLoop loop, Target target);

    /// Replaces what the target wants to hear of. Readiness is level-triggered: what is left unread
    /// is told again in the next turn, and never inside this call.
    ///
    /// @param events a mask of [IOLoop#READ] and [IOLoop#WRITE], or [IOLoop#NONE]; at first NONE
    void watch(int events);

    /// Moves bytes that have come into `target`, at most as many as fit. No reference to it is
    /// kept, since it may be a part of a user's buffer; so may be that of [#write].
    ///
    /// Goes on after a failure of [#write] or [#shutdownOutput]: it gives what had come before, and
    /// then [#END] or an exception, which are the same to the stream.
    ///
    /// @return how many; 0 if none have come; [#END] once all have, and ever after
    /// @throws IOException if the connection has failed, or ended out of order
    int read(ByteBuffer target) throws IOException;

    /// Takes bytes from `source`, at most all. Of what it does not take, the next call offers the
    /// same bytes again, perhaps with more behind them; so a transport may have begun with them.
    ///
    /// @return how many were handed over for good, to the kernel or its like; 0 if there is no room
    /// @throws IOException if the connection has failed, and takes nothing any more
    int write(ByteBuffer source) throws IOException;

    /// Tells the peer that no more bytes follow those that [#write] took. Harmless the second time.
    ///
    /// @return whether that was handed over for good; if not, since there is no room, this is
    ///   called again once there is
    /// @throws IOException if the connection has failed
    boolean shutdownOutput() throws IOException;

    /// Closes, without waiting for anything. Harmless the second time. The target hears nothing any
    /// more.
    void close();

    /// Returns whether all methods obey the rules of a [dev.gyre.loop.BareCallback]. Then the
    /// stream works on the bare loop thread; otherwise it calls this transport within coroutines
    /// only.
    boolean isBare();

    /// Returns the address of this end, also after [#close].
    SocketAddress localAddress();

    /// Returns the address of the other end, also after [#close].
    SocketAddress remoteAddress();

    /// Sets an option of the socket underneath.
    ///
    /// @throws UnsupportedOperationException if there is no such option here
    /// @throws IOException if the connection has failed
    <T> void setOption(SocketOption<T> option, T value) throws IOException;

    /// Returns a transport over a connected TCP or UNIX-domain socket, which it owns from now on.
    ///
    /// @param channel in whatever blocking mode; it is put into non-blocking mode
    /// @throws IOException if the channel is closed; then there is nothing left to close
    static Transport of(SocketChannel channel) throws IOException {
        Objects.requireNonNull(channel, "channel");
        return new ChannelTransport(channel);
    }

    /// Who is told what a transport is ready for.
    interface Target {

        /// Called when the transport is ready, on the loop, never inside another call: on the bare
        /// loop thread if this target [#isBare], else in a coroutine.
        ///
        /// @param events a mask of [IOLoop#READ] and [IOLoop#WRITE]
        void ready(int events);

        /// Returns whether [#ready] obeys the rules of a [dev.gyre.loop.BareCallback]. Asked when
        /// attached.
        boolean isBare();
    }
}
