package dev.gyre.stream;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// What the two sides of a TLS connection have agreed on.
///
/// @param protocol as in `TLSv1.3`
/// @param cipherSuite by its name in the JDK
/// @param applicationProtocol by its name of ALPN, as in `h2`; empty if none was agreed on
/// @param peerCertificates the chain of the peer, its own certificate first; empty if it sent none
public record TlsSession(
        String protocol,
        String cipherSuite,
        String applicationProtocol,
        List<X509Certificate> peerCertificates) {

    /// Copies the list.
    public TlsSession {
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(cipherSuite, "cipherSuite");
        Objects.requireNonNull(applicationProtocol, "applicationProtocol");
        Objects.requireNonNull(peerCertificates, "peerCertificates");
        peerCertificates = List.copyOf(peerCertificates);
    }

    static TlsSession of(SSLSession session, @Nullable String application) {
        return new TlsSession(
                session.getProtocol(),
                session.getCipherSuite(),
                application == null ? "" : application,
                chain(session));
    }

    private static List<X509Certificate> chain(SSLSession session) {
        try {
            return Stream.of(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }
}
