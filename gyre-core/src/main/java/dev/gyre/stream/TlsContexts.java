package dev.gyre.stream;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// What engines are made of: the certificates of one side, and whom it trusts. Any thread.
///
/// There is a context for each state of the authorities, since sessions live in a context: the JDK
/// hands tickets out (RFC 8446, section 4.6.1) that it neither lists nor takes back, and asks
/// nobody when one comes again. A session from before a change cannot be resumed where nobody knows
/// it.
final class TlsContexts {

    private final Newest<Generation> newest;

    /// Who has the certificates that are shown; null for none, and for a context that was made
    /// elsewhere.
    private final KeyManager @Nullable [] keyManagers;

    /// Who says which certificates are trusted; null for a context that was made elsewhere.
    private final @Nullable Trust trust;

    /// A context, for as long as the same authorities are trusted.
    ///
    /// @param authorities whom [Trust#authorities] named; null if the context was made elsewhere
    record Generation(SSLContext context, @Nullable Object authorities) {}

    private TlsContexts(
            KeyManager @Nullable [] keyManagers, @Nullable Trust trust, Generation first) {
        this.keyManagers = keyManagers;
        this.trust = trust;
        this.newest = new Newest<>(first);
    }

    /// @param keyManagers who has the certificates that are shown; null for none
    static TlsContexts of(KeyManager @Nullable [] keyManagers, Trust trust) {
        return new TlsContexts(keyManagers, trust, generation(keyManagers, trust));
    }

    /// Returns what is made of one context, however its trust changes.
    static TlsContexts ofReady(SSLContext context) {
        return new TlsContexts(null, null, new Generation(context, null));
    }

    private static Generation generation(KeyManager @Nullable [] keyManagers, Trust trust) {
        Object authorities = trust.authorities();
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers, new TrustManager[] {trust}, null);
            return new Generation(context, authorities);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no TLS", e);
        }
    }

    /// Returns the context for the authorities that were read last. Looks at no file.
    Generation current() {
        return newest.replace(this::following);
    }

    private Generation following(Generation known) {
        return trust == null || known.authorities() == trust.authorities()
                ? known
                : generation(keyManagers, trust);
    }

    /// Returns whether a session of a client can be gone on with: the authorities are those under
    /// which it began, by their file as it is now, and the client would be let in with the same
    /// certificates today. Looks at the file, so off the loop.
    boolean isStillGood(Generation begun, X509Certificate[] chain) {
        if (trust == null) {
            return true;
        }
        if (begun.authorities() != trust.fresh()) {
            return false;
        }
        try {
            trust.checkClientAgain(chain);
            return true;
        } catch (CertificateException e) {
            // A full handshake follows, which ends by the same reason, or by a newer certificate.
            return false;
        }
    }

    /// Returns a context that knows no session.
    SSLContext withoutSessions() {
        return trust == null ? current().context() : generation(keyManagers, trust).context();
    }
}
