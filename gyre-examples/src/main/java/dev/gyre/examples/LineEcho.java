package dev.gyre.examples;

import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;

/// Sends each line back. This is the whole server; its client's leaving ends it, by an exception
/// that [TcpServer] knows as the normal end.
final class LineEcho {

    private LineEcho() {}

    static TcpServer server() {
        return new TcpServer(LineEcho::echo);
    }

    private static void echo(IOStream stream) {
        while (true) {
            stream.write(stream.readUntil("\n").await());
            stream.drain().await();
        }
    }
}
