package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopLocal;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where servers and clients get their listeners, connections and addresses from. A seam for
/// simulators: a loop made with [dev.gyre.loop.LoopOptions#withLocal] and [#LOCAL] has another
/// network, and the programs on it need no change.
///
/// Its methods are called on the loop.
public interface Network {

    /// The network of a loop; that of the operating system unless the options say otherwise.
    LoopLocal<Network> LOCAL = LoopLocal.withInitial(loop -> new SystemNetwork());

    /// Begins to listen.
    ///
    /// @param address where; of a TCP address, port 0 picks a free one
    /// @param options how
    /// @throws IOException if the address cannot be bound; then nothing is left open
    Listener listen(IOLoop loop, SocketAddress address, ListenOptions options) throws IOException;

    /// Returns whether several listeners may share a port; see [ListenOptions#withReusePort].
    boolean sharesPorts();

    /// Connects.
    ///
    /// @param remote a resolved address
    /// @param local the address of this end; null for whatever the system picks
    /// @return the connection, which has two different ends; fails with an [IOException].
    ///   Cancelling it gives up and leaves nothing open.
    LoopFuture<Transport> connect(IOLoop loop, SocketAddress remote, @Nullable SocketAddress local);

    /// Looks up a name.
    ///
    /// @return its addresses, at least one; fails with an [IOException]
    LoopFuture<List<InetAddress>> resolve(IOLoop loop, String host);

    /// Looks up a name on which to listen, here and now, which may block.
    ///
    /// @return its addresses, at least one
    /// @throws IOException if the name is unknown
    List<InetAddress> lookUp(String host) throws IOException;

    /// Something that accepts connections. Loop thread only.
    interface Listener extends AutoCloseable {

        /// Returns where it listens, with its real port; also after [#close].
        SocketAddress address();

        /// Begins to accept, at most 128 connections a turn, so that a flood of them does not hold
        /// up those who are connected.
        ///
        /// @param accepted gets each connection, in a step of the loop; may call any method of this
        ///   listener
        void start(Consumer<Transport> accepted);

        /// Leaves connections waiting in the kernel, until [#resume].
        void pause();

        /// Accepts again.
        void resume();

        /// Stops listening at once: when this returns, connections that wait, and those that come,
        /// are refused, and the address is free. Harmless the second time.
        @Override
        void close();
    }
}
