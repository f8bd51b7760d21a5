package dev.gyre.bench.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;

/// A server that answers what a test wants, and not always what it should. Each of its clients has
/// a virtual thread.
final class AnsweringServer implements AutoCloseable {

    private final ServerSocket listener;
    private final Answer answer;

    /// Listens until it is closed.
    AnsweringServer(Answer answer) throws IOException {
        this.answer = answer;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// How a server answers what it got.
    @FunctionalInterface
    interface Answer {

        void send(Socket client, byte[] bytes) throws IOException;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> talk(client));
            }
        } catch (IOException e) {
            // The test is over, and has closed the listener.
        }
    }

    private void talk(Socket client) {
        byte[] bytes = new byte[1024];
        try (client;
                InputStream in = client.getInputStream()) {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                answer.send(client, Arrays.copyOf(bytes, count));
            }
        } catch (IOException e) {
            // The load has closed its end, perhaps before it read everything.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
