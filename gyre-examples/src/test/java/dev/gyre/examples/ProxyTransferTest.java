package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A gigabyte through the proxy, in a JVM that could not hold a tenth of it, to a reader that is
/// always behind.
@Timeout(180)
final class ProxyTransferTest {

    private static final long TOTAL = 1L << 30;

    /// What the reader takes before the sender may go on: far less than what is under way.
    private static final int SIP = 256 * 1024;

    private static final List<String> SMALL =
            List.of(GyreProcess.CARRIER, "-Xmx64m", "-XX:MaxDirectMemorySize=16m");

    /// The bytes to send, begun anew when used up; their number has no common factor with the size
    /// of any buffer.
    private final ByteBuffer pattern = ByteBuffer.wrap(pattern());

    private final ByteBuffer received = ByteBuffer.allocate(SIP);
    private final MessageDigest sentHash = sha256();
    private final MessageDigest receivedHash = sha256();

    private static byte[] pattern() {
        byte[] bytes = new byte[1_000_003];
        new Random(4).nextBytes(bytes);
        return bytes;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aGigabyteComesThroughWholeWithLittleMemory() throws Exception {
        try (ServerSocketChannel upstream = ServerSocketChannel.open()) {
            upstream.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int target = upstream.socket().getLocalPort();
            try (GyreProcess demo =
                            GyreProcess.start(
                                    SMALL,
                                    Redirect.PIPE,
                                    "demo",
                                    "tcp-proxy",
                                    "127.0.0.1:" + target,
                                    "--port",
                                    "0");
                    SocketChannel sender = SocketChannel.open(demo.listening("tcp-proxy"));
                    SocketChannel reader = upstream.accept()) {
                transfer(sender, reader);
            }
        }

        assertThat(receivedHash.digest()).isEqualTo(sentHash.digest());
    }

    /// Sends until nothing is taken any more, and only then reads a little: so the proxy always has
    /// as much as it will take.
    private void transfer(SocketChannel sender, SocketChannel reader) throws IOException {
        sender.configureBlocking(false);
        long left = TOTAL;
        for (long got = 0; got < TOTAL; got += read(reader)) {
            left -= sendAllThatIsTaken(sender, left);
        }
        sender.shutdownOutput();
        assertThat(reader.read(received.clear())).isEqualTo(-1);
    }

    private long sendAllThatIsTaken(SocketChannel sender, long left) throws IOException {
        long sent = 0;
        int taken = 1;
        while (taken > 0 && sent < left) {
            if (!pattern.hasRemaining()) {
                pattern.rewind();
            }
            int count = (int) Math.min(pattern.remaining(), left - sent);
            ByteBuffer offered = pattern.slice(pattern.position(), count);
            taken = sender.write(offered);
            sentHash.update(offered.flip());
            pattern.position(pattern.position() + taken);
            sent += taken;
        }
        return sent;
    }

    private int read(SocketChannel reader) throws IOException {
        int count = reader.read(received.clear());
        if (count < 0) {
            throw new AssertionError("the proxy has closed the connection early");
        }
        receivedHash.update(received.flip());
        return count;
    }
}
