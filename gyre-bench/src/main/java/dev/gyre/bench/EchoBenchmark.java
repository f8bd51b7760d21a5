package dev.gyre.bench;

import dev.gyre.stream.IOStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What an echo costs beside the kernel: 64 connections without one, each served by a coroutine.
/// With `-prof gc` it tells what is allocated for each message.
public class EchoBenchmark extends StreamBenchmark {

    private static final int CONNECTIONS = 64;
    private static final int MESSAGES = 64 * CONNECTIONS;
    private static final int BLOCK_SIZE = 16 * 1024;
    private static final String LINE = "x".repeat(63) + "\n";

    /// How many messages a connection has in flight.
    @Param({"1", "16"})
    public int depth;

    /// Lines of 64 bytes, as the demo `line-echo` answers them.
    @State(Scope.Benchmark)
    public static class Lines {

        @Setup
        public void serve(EchoBenchmark bench) {
            byte[] lines = LINE.repeat(bench.depth).getBytes(StandardCharsets.US_ASCII);
            bench.serve(
                    lines,
                    stream -> {
                        while (true) {
                            stream.write(stream.readUntil("\n").await());
                            stream.drain().await();
                        }
                    });
        }
    }

    /// Blocks of 16 kB, read into one direct buffer and sent from it.
    @State(Scope.Benchmark)
    public static class Blocks {

        @Setup
        public void serve(EchoBenchmark bench) {
            bench.serve(
                    new byte[BLOCK_SIZE * bench.depth],
                    stream -> {
                        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_SIZE);
                        while (true) {
                            stream.readInto(block.clear()).await();
                            stream.write(block.flip()).await();
                        }
                    });
        }
    }

    private void serve(byte[] messages, Server server) {
        for (int i = 0; i < CONNECTIONS; i++) {
            IOStream stream =
                    new IOStream(loop(), new RepeatingTransport(messages, this::answered));
            loop().spawn("echo", () -> server.serve(stream));
        }
    }

    private void answered() {
        done(depth);
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void lines(Lines lines) {
        run(MESSAGES);
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void blocks(Blocks blocks) {
        run(MESSAGES);
    }

    /// The body of a connection's coroutine.
    private interface Server {
        boolean serve(IOStream stream);
    }
}
