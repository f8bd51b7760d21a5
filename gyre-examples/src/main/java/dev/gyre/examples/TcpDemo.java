package dev.gyre.examples;

import dev.gyre.loop.LoopGroup;
import dev.gyre.net.TcpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// A demo that is nothing but a [TcpServer].
///
/// @param server the server, which does not listen yet
/// @param loops what the server runs on, and what ends with it; null for the loop of the demo
record TcpDemo(TcpServer server, @Nullable LoopGroup loops) implements DemoServer {

    TcpDemo(TcpServer server) {
        this(server, null);
    }

    @Override
    public InetSocketAddress listen(InetSocketAddress address) throws IOException {
        try {
            server.listen(address);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return (InetSocketAddress) server.addresses().getFirst();
    }

    @Override
    public void close() {
        server.close();
        if (loops != null) {
            loops.close();
        }
    }
}
