package dev.gyre.stream;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// Whether a server may resume the session that its engine resumes.
///
/// The JDK asks nobody then: what the client showed when the session began counts as checked,
/// whatever has become of it, of its authority and of its time since. So it is checked here, when
/// the engine has answered the client's hello and nothing of the answer is sent. If it is no good
/// any more, another engine whose context knows no session gets the hello in its place. That
/// handshake is a full one, which fails and says why, or in which the client shows what it has by
/// now. A client whose session is merely too old does not notice, unless the engine had to ask it
/// for a second hello (RFC 8446, section 4.1.4): then nobody can start over, and the client is
/// refused, to come again without the session.
final class TlsTransportSessions {

    private final TlsOptions options;
    private final TlsContexts.Generation begun;

    /// Whether the engine has answered the hello, so that no other engine can any more.
    private boolean isAnswered;

    TlsTransportSessions(TlsOptions options, TlsContexts.Generation begun) {
        this.options = options;
        this.begun = begun;
    }

    /// Returns the engine that goes on with the handshake: the same, or one that has to begin with
    /// the hello. After the tasks of the engine, and like them off the loop.
    SSLEngine approved(SSLEngine engine) {
        SSLSession session = engine.getHandshakeSession();
        if (isAnswered || session == null) {
            return engine;
        }
        isAnswered = true;
        X509Certificate[] chain = chain(session);
        return chain.length == 0 || options.contexts().isStillGood(begun, chain)
                ? engine
                : TlsTransport.serverEngine(options, options.contexts().withoutSessions());
    }

    /// Returns what the client has shown, which in a full handshake is nothing so far.
    private static X509Certificate[] chain(SSLSession session) {
        try {
            Certificate[] shown = session.getPeerCertificates();
            return Arrays.copyOf(shown, shown.length, X509Certificate[].class);
        } catch (SSLPeerUnverifiedException e) {
            return new X509Certificate[0];
        }
    }
}
