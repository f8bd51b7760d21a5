package dev.gyre.net;

import dev.gyre.stream.IOStream;

/// What a [TcpServer] does with a connection.
@FunctionalInterface
public interface ConnectionHandler {

    /// Serves a connection, in a task of its own on the connection's loop.
    ///
    /// When this returns, the server sends what is queued and closes. When it throws, or is
    /// cancelled, the server closes at once. So the [StreamClosedException] of this very stream
    /// need not be caught: the server knows it as a normal end.
    ///
    /// @throws Exception whatever the code meets; the server logs it
    void handle(IOStream stream) throws Exception;
}
