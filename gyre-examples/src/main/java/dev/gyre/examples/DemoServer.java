package dev.gyre.examples;

import java.io.IOException;
import java.net.InetSocketAddress;

/// The server of a demo. It belongs to the loop that it was made with.
interface DemoServer extends AutoCloseable {

    /// Begins to listen; clients are served as soon as the loop runs. Called once.
    ///
    /// @param address where to listen; port 0 picks a free one
    /// @return the address with its real port
    /// @throws IOException if the address cannot be bound; the server is still to be closed
    InetSocketAddress listen(InetSocketAddress address) throws IOException;

    /// Closes the listener and the connections, except those that were handed to somebody else. On
    /// the loop, or after it has stopped.
    @Override
    void close() throws IOException;
}
