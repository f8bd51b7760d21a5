package dev.gyre.verify.stream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// A client made of the JDK's sockets, with a certificate of EC. Unlike ours it resumes its
/// sessions. Its calls block.
public final class ResumingClient {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final SSLContext context;
    private final String protocol;
    private final Counting counting = new Counting();

    public ResumingClient(PemFiles own, String protocol) throws Exception {
        this.protocol = protocol;
        KeyManagerFactory keys = KeyManagerFactory.getInstance("NewSunX509");
        keys.init(own.keyStore(PASSWORD), PASSWORD);
        context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {counting}, null);
    }

    /// Sends a line to a server that answers with one, and returns the answer.
    public String ask(SocketAddress server) throws IOException {
        InetSocketAddress address = (InetSocketAddress) server;
        try (Socket plain = new Socket(address.getAddress(), address.getPort());
                SSLSocket socket =
                        (SSLSocket)
                                context.getSocketFactory()
                                        .createSocket(
                                                plain, "localhost", address.getPort(), true)) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes("hello\n".length());
            return new String(answer, StandardCharsets.US_ASCII);
        }
    }

    /// Returns how many of its handshakes resumed no session: in those only it is shown a
    /// certificate.
    public int fullHandshakes() {
        return counting.asked;
    }

    /// Trusts everybody.
    private static final class Counting implements X509TrustManager {

        /// Grows with each certificate.
        private int asked;

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new AssertionError("this is a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            asked++;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
