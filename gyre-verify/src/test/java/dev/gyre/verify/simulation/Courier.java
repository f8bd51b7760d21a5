package dev.gyre.verify.simulation;

import dev.gyre.loop.Task;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// An application: it carries numbered messages to a server, and connects anew when a connection
/// breaks. The careless one forgets a message once the kernel has it, and so loses it now and then.
final class Courier {

    private final boolean careless;

    /// What the server has got, in order.
    private final List<Integer> delivered = new ArrayList<>();

    Courier(boolean careless) {
        this.careless = careless;
    }

    List<Integer> delivered() {
        return delivered;
    }

    TcpServer server() {
        return new TcpServer(this::receive);
    }

    private void receive(IOStream stream) {
        while (true) {
            int number = Integer.parseInt(stream.readLine().await());
            delivered.add(number);
            stream.write("got " + number + "\n");
        }
    }

    boolean deliver(int count) {
        List<Integer> outstanding = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        while (!outstanding.isEmpty()) {
            try (IOStream stream = TcpClient.connect("server", 9000).await()) {
                while (!outstanding.isEmpty()) {
                    deliver(stream, outstanding.getFirst());
                    outstanding.removeFirst();
                }
                if (careless) {
                    stream.closeAfterFlush().await();
                }
            } catch (UncheckedIOException e) {
                Task.sleep(Duration.ofSeconds(1));
            }
        }
        return true;
    }

    private void deliver(IOStream stream, int number) {
        stream.write(number + "\n").await();
        if (!careless) {
            stream.readLine().await();
        }
    }
}
