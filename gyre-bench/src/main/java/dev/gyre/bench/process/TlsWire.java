package dev.gyre.bench.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLSession;

/// A client's end of a TLS connection. It shakes hands while it is made, and not again.
final class TlsWire implements ClientWire {

    private final SocketChannel channel;
    private final SSLEngine engine;

    /// Records that came, ready for writing into.
    private final ByteBuffer incoming;

    /// Records that go, ready for reading from.
    private final ByteBuffer outgoing;

    /// Takes ownership of a connected channel that blocks, and leaves it not blocking.
    TlsWire(SocketChannel channel, SSLContext context) throws IOException {
        this.channel = channel;
        this.engine = context.createSSLEngine("localhost", channel.socket().getPort());
        engine.setUseClientMode(true);
        // Servers prefer one or the other, and should do the same work.
        engine.setEnabledCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
        SSLSession session = engine.getSession();
        this.incoming = ByteBuffer.allocateDirect(2 * session.getPacketBufferSize());
        this.outgoing = ByteBuffer.allocateDirect(2 * session.getPacketBufferSize()).limit(0);
        shakeHands(ByteBuffer.allocate(session.getApplicationBufferSize()));
        channel.configureBlocking(false);
    }

    private void shakeHands(ByteBuffer plain) throws IOException {
        engine.beginHandshake();
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status != HandshakeStatus.FINISHED && status != HandshakeStatus.NOT_HANDSHAKING) {
            switch (status) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> wrapAll(ByteBuffer.allocate(0));
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (unwrap(plain) == SSLEngineResult.Status.BUFFER_UNDERFLOW
                            && channel.read(incoming) < 0) {
                        throw new IOException("the server closed during the handshake");
                    }
                }
                default -> throw new IllegalStateException("a handshake that is " + status);
            }
            status = engine.getHandshakeStatus();
        }
    }

    private void wrapAll(ByteBuffer source) throws IOException {
        wrap(source);
        while (outgoing.hasRemaining()) {
            channel.write(outgoing);
        }
    }

    private void wrap(ByteBuffer source) throws IOException {
        outgoing.compact();
        try {
            engine.wrap(source, outgoing);
        } finally {
            outgoing.flip();
        }
    }

    private SSLEngineResult.Status unwrap(ByteBuffer target) throws IOException {
        incoming.flip();
        try {
            return engine.unwrap(incoming, target).getStatus();
        } finally {
            incoming.compact();
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int before = target.position();
        boolean ended = channel.read(incoming) < 0;
        while (unwrap(target) == SSLEngineResult.Status.OK && incoming.position() > 0) {
            // The wire goes on with the next record.
        }
        int count = target.position() - before;
        return count == 0 && ended ? -1 : count;
    }

    /// Takes what fits into a record, once the last one is out.
    @Override
    public int write(ByteBuffer source) throws IOException {
        int before = source.position();
        if (!outgoing.hasRemaining()) {
            wrap(source);
        }
        channel.write(outgoing);
        if (outgoing.hasRemaining()) {
            throw new IOException("more in flight than the buffers of a connection take");
        }
        return source.position() - before;
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }
}
