package dev.gyre.examples;

import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// The echo server of the tutorials on streams: a message ends with "that is all!", and a message
/// that is nothing else ends the conversation.
final class SentinelEcho {

    static final String SENTINEL = "that is all!";

    private final PrintStream out;
    private final Set<IOStream> connections = new HashSet<>();

    private SentinelEcho(PrintStream out) {
        this.out = out;
    }

    static TcpServer server(PrintStream out) {
        return new TcpServer(new SentinelEcho(out)::converse);
    }

    private void converse(IOStream stream) {
        connections.add(stream);
        // A client may also vanish without a word.
        stream.onClose(end -> connections.remove(stream));
        while (true) {
            byte[] message = stream.readUntil(SENTINEL).await();
            String text = new String(message, StandardCharsets.UTF_8);
            if (text.equals(SENTINEL)) {
                out.println("no more messages");
                return;
            }
            out.println("data recieved:  " + text);
            stream.write(message).await();
        }
    }
}
