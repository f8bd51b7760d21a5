package dev.gyre.stream;

import dev.gyre.loop.Logs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Whose certificates are trusted, within their time: those of the authorities in a PEM file, or
/// those of the JDK. Any thread: the JDK asks in the tasks of its engines.
///
/// The file is looked at whenever a handshake needs it, and read again when it has changed. If what
/// is there then is no good, the authorities before stay trusted.
final class Trust extends X509ExtendedTrustManager {

    private final Newest<Loaded> newest;

    private final InstantSource clock;

    /// Who is trusted, as it was read last.
    ///
    /// @param file the file with the authorities; null if they are those of the JDK
    private record Loaded(@Nullable CredentialFile file, X509ExtendedTrustManager authorities) {}

    private Trust(Loaded loaded, InstantSource clock) {
        this.newest = new Newest<>(loaded);
        this.clock = clock;
    }

    /// Reads the file.
    ///
    /// @throws UncheckedIOException if it cannot be read
    /// @throws IllegalArgumentException if it has no certificate, or a broken one
    static Trust in(Path authorities, InstantSource clock) {
        CredentialFile file = CredentialFile.look(authorities);
        return new Trust(new Loaded(file, read(file)), clock);
    }

    /// Returns the trust in those whom the JDK trusts.
    static Trust ofJdk(InstantSource clock) {
        try {
            return new Trust(new Loaded(null, manager(null)), clock);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot tell whom it trusts", e);
        }
    }

    private static X509ExtendedTrustManager read(CredentialFile file) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate certificate : Pem.certificates(file)) {
                store.setCertificateEntry("authority-" + store.size(), certificate);
            }
            return manager(store);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot trust what is in " + file, e);
        }
    }

    /// @param authorities null for those of the JDK
    private static X509ExtendedTrustManager manager(@Nullable KeyStore authorities)
            throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new IllegalStateException("the JDK cannot check certificates");
    }

    /// Returns the authorities as they were when the file was looked at last; others if they have
    /// changed. Looks at no file.
    X509ExtendedTrustManager authorities() {
        return newest.get().authorities();
    }

    /// Returns the authorities as the file is now.
    X509ExtendedTrustManager fresh() {
        return newest.replace(Trust::looked).authorities();
    }

    private static Loaded looked(Loaded before) {
        if (before.file() == null) {
            return before;
        }
        CredentialFile file = before.file().again();
        if (file.isLike(before.file())) {
            return new Loaded(file, before.authorities());
        }
        try {
            Loaded after = new Loaded(file, read(file));
            Logs.GENERAL.log(Level.INFO, "the authorities in " + file + " were read again");
            return after;
        } catch (Throwable e) {
            Logs.GENERAL.log(
                    Level.ERROR, "the authorities before stay trusted: " + Logs.message(e), e);
            return new Loaded(file, before.authorities());
        }
    }

    /// Checks the chain of a client that showed it in an earlier handshake.
    void checkClientAgain(X509Certificate[] chain) throws CertificateException {
        // The kind of authentication is the kind of key, as the JDK tells it of clients.
        checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        fresh().checkClientTrusted(chain, authType, engine);
        checkInTime(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        fresh().checkServerTrusted(chain, authType, engine);
        checkInTime(chain);
    }

    /// Checks the peer's own certificate, for the JDK trusts one that is itself among the
    /// authorities at any time (`sun.security.validator.PKIXValidator`).
    private void checkInTime(X509Certificate[] chain) throws CertificateException {
        chain[0].checkValidity(Date.from(clock.instant()));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return fresh().getAcceptedIssuers();
    }

    // What only sockets ask for.

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        fresh().checkClientTrusted(chain, authType, socket);
        checkInTime(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        fresh().checkServerTrusted(chain, authType, socket);
        checkInTime(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        fresh().checkClientTrusted(chain, authType);
        checkInTime(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        fresh().checkServerTrusted(chain, authType);
        checkInTime(chain);
    }
}
