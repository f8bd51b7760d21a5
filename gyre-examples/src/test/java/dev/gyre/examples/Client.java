package dev.gyre.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A client that blocks, with a time-out as a safety net for a hanging test.
final class Client implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;

    private Client(Socket socket) {
        this.socket = socket;
    }

    static Client connect(InetSocketAddress address) throws IOException {
        return connect(address, new Socket());
    }

    /// Connects with as little room for what comes as the system allows.
    static Client connectNarrow(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        // To have an effect it must be set before the connect.
        socket.setReceiveBufferSize(1);
        return connect(address, socket);
    }

    private static Client connect(InetSocketAddress address, Socket socket) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(address, TIMEOUT_MILLIS);
        return new Client(socket);
    }

    /// Returns the client's own address as the demos print it.
    String address() {
        return HostPort.text((InetSocketAddress) socket.getLocalSocketAddress());
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    String receive(int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    String receiveToEnd() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /// Closes the connection so that the server sees a reset.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
