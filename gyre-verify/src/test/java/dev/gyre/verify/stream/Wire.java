package dev.gyre.verify.stream;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.TlsSession;
import dev.gyre.stream.Transport;
import dev.gyre.testing.MemoryTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// What carries the bytes of a suite. A further transport is one more constant here.
enum Wire {
    MEMORY {
        @Override
        Pair connect(Far far) {
            MemoryTransport.Pair pair = MemoryTransport.pair();
            return new Pair(pair.near(), pair.far());
        }
    },

    TCP {
        @Override
        Pair connect(Far far) throws IOException {
            try (ServerSocketChannel listener = ServerSocketChannel.open()) {
                listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                return accepted(listener, listener.getLocalAddress(), far);
            }
        }
    },

    UNIX {
        @Override
        Pair connect(Far far) throws IOException {
            Path folder = Files.createTempDirectory("gyre");
            Path socket = folder.resolve("socket");
            SocketAddress address = UnixDomainSocketAddress.of(socket);
            try (ServerSocketChannel listener =
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                listener.bind(address);
                return accepted(listener, address, far);
            } finally {
                Files.deleteIfExists(socket);
                Files.delete(folder);
            }
        }
    },

    /// TLS over a TCP connection; the handshake is over when the test begins.
    TLS {
        @Override
        Pair connect(Far far) throws IOException {
            return TCP.connect(far);
        }

        @Override
        Ends join(IOLoop loop, Pair pair, StreamOptions near, StreamOptions far) {
            Ends ends = super.join(loop, pair, near, far);
            loop.runSync(() -> {
                LoopFuture<TlsSession> server = ends.near().startTls(TlsPair.SERVER);
                ends.far().startTls(TlsPair.CLIENT, TlsPair.HOST).await();
                return server.await();
            });
            return ends;
        }
    };

    /// The two ends of a connection.
    record Pair(Transport near, Transport far) {}

    /// What the far end of a connection is made of.
    @FunctionalInterface
    interface Far {
        Transport of(SocketChannel channel) throws IOException;
    }

    /// Makes a connection that is there at once.
    Pair connect() throws IOException {
        return connect(Transport::of);
    }

    /// Makes a connection of which the far end, if it is a socket, is made a transport by `far`.
    abstract Pair connect(Far far) throws IOException;

    /// Makes a connection between two streams.
    Ends connect(IOLoop loop, StreamOptions near, StreamOptions far) throws IOException {
        return join(loop, connect(), near, far);
    }

    /// Makes streams of the two ends of a connection.
    Ends join(IOLoop loop, Pair pair, StreamOptions near, StreamOptions far) {
        return new Ends(new IOStream(loop, pair.near(), near), new IOStream(loop, pair.far(), far));
    }

    private static Pair accepted(ServerSocketChannel listener, SocketAddress address, Far far)
            throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        return new Pair(Transport.of(listener.accept()), far.of(channel));
    }
}
