package dev.gyre.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The PKCS #12 file with the certificate of all TLS servers, which their clients trust. The runner
/// makes it anew for each run; its path is a system property.
public final class KeyStoreFile {

    /// The system property with its path.
    public static final String PROPERTY = "gyre.bench.keystore";

    /// The password, which protects nothing: the key lives as long as a run.
    public static final String PASSWORD = "benchmark";

    private KeyStoreFile() {}

    static Path path() {
        return Path.of(System.getProperty(PROPERTY));
    }

    static KeyManagerFactory keyManagers() {
        try {
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(read(path()), PASSWORD.toCharArray());
            return keys;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no keys in " + path(), e);
        }
    }

    /// Returns a context for servers with this certificate.
    static SSLContext serverContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers().getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no context for TLS servers", e);
        }
    }

    /// Returns a context for clients that trust the certificate in `file`.
    public static SSLContext clientContext(Path file) {
        try {
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(read(file));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no certificate in " + file, e);
        }
    }

    private static KeyStore read(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }
}
