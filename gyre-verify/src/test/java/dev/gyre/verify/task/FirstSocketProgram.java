package dev.gyre.verify.task;

import dev.gyre.loop.IOLoop;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// Uses the first blocking socket of the process in a coroutine, closes the loop, and reads from
/// another socket in an ordinary virtual thread.
final class FirstSocketProgram {

    private FirstSocketProgram() {}

    public static void main(String[] args) throws Exception {
        try (IOLoop loop = new IOLoop()) {
            loop.runSync(FirstSocketProgram::readOne);
        }
        FutureTask<Integer> read = new FutureTask<>(FirstSocketProgram::readOne);
        Thread.ofVirtual().start(read);
        int octet = read.get(10, TimeUnit.SECONDS);
        System.out.println("read after the loop was closed: " + octet);
    }

    private static int readOne() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            Thread writer = Thread.ofPlatform().start(() -> writeLater(client));
            int octet = accepted.getInputStream().read();
            writer.join();
            return octet;
        }
    }

    private static void writeLater(Socket client) {
        try {
            // Long enough for the reader to be blocked, which is what the poller is for.
            BlockingCalls.sleep(java.time.Duration.ofMillis(200));
            client.getOutputStream().write(7);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
