package dev.gyre.net;

import dev.gyre.stream.IOStream;

/// What a [TcpServer] does with a connection.
@FunctionalInterface
public interface ConnectionHandler {

    /// Serves a connection, in a task of its own on the connection's loop.
    ///
    /// When this returns, the server sends what is queued and closes. When it throws, or is
    /// cancelled, the server closes at once. So the
    /// [StreamClosedException][dev.gyre.stream.StreamClosedException] of this very stream need not
    /// be caught: the server knows it as a normal end. An
    /// [UnsatisfiableReadException][dev.gyre.stream.UnsatisfiableReadException], which a peer can
    /// provoke at will, is logged in one line of level INFO.
    ///
    /// @throws Exception whatever else the code meets; the server logs it as an error
    void handle(IOStream stream) throws Exception;
}
