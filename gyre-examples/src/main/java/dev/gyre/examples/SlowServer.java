package dev.gyre.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// An HTTP server on a thread of its own that answers each request after a while, one after the
/// other. It has nothing to do with any loop.
final class SlowServer implements AutoCloseable {

    private static final byte[] ANSWER =
            """
            HTTP/1.1 200 OK\r
            Content-Length: 6\r
            Connection: close\r
            \r
            hello
            """
                    .getBytes(StandardCharsets.US_ASCII);

    private static final int BACKLOG = 16;

    private final ServerSocket listener;
    private final Duration pause;
    private final CountDownLatch closed = new CountDownLatch(1);

    private SlowServer(ServerSocket listener, Duration pause) {
        this.listener = listener;
        this.pause = pause;
    }

    /// Starts a server on a free local port.
    ///
    /// @param pause how long each answer takes
    static SlowServer start(Duration pause) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        SlowServer server = new SlowServer(new ServerSocket(0, BACKLOG, loopback), pause);
        Thread.ofPlatform().daemon().name("slow-server").start(server::serve);
        return server;
    }

    /// Returns the address of its only page.
    URI page() {
        return URI.create("http://%s/".formatted(HostPort.text(address())));
    }

    /// Opens a connection and sends a request. The answer will come after the pause.
    Socket request() throws IOException {
        Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort());
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    private void serve() {
        try {
            while (true) {
                try (Socket client = listener.accept()) {
                    answer(client);
                }
            }
        } catch (IOException e) {
            // The socket was closed, by us or by the client, who has then been interrupted: the
            // demo is over.
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Socket client) throws IOException, InterruptedException {
        BufferedReader request =
                new BufferedReader(
                        new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        String line = request.readLine();
        while (line != null && !line.isEmpty()) {
            line = request.readLine();
        }
        if (!closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
            client.getOutputStream().write(ANSWER);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
