package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// `gyre train`: starts the demo `line-echo`, has it serve a client, and ends it.
///
/// While it does, the JVM notes which classes that takes, and the launcher has it keep them for the
/// starts to come. The other demos need most of them too.
final class Training implements Callable<Integer> {

    private final PrintStream out;

    Training(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        try (PipedInputStream told = new PipedInputStream()) {
            PrintStream err = printTo(new PipedOutputStream(told));
            FutureTask<String> client = new FutureTask<>(() -> visitAndEnd(told));
            Thread.ofPlatform().daemon().name("client").start(client);
            int status = serve(err);
            out.println("trained with " + client.get());
            return status;
        }
    }

    private int serve(PrintStream err) {
        try (err) {
            return Gyre.run(out, err, "demo", "line-echo", "--port", "0");
        }
    }

    private static PrintStream printTo(PipedOutputStream pipe) {
        return new PrintStream(pipe, true, StandardCharsets.UTF_8);
    }

    /// Gets a line echoed by the demo that tells where it listens, and ends that demo.
    private static String visitAndEnd(PipedInputStream told) throws IOException {
        try {
            String line = lines(told).readLine();
            if (line == null) {
                throw new IOException("the demo did not start");
            }
            return echo(Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
        } finally {
            IOLoop.instance().stop();
        }
    }

    private static String echo(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("one line\n".getBytes(StandardCharsets.UTF_8));
            return lines(socket.getInputStream()).readLine();
        }
    }

    private static BufferedReader lines(InputStream from) {
        return new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8));
    }
}
