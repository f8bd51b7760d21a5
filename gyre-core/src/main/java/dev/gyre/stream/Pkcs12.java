package dev.gyre.stream;

import dev.gyre.loop.Logs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/// Certificates and keys in a PKCS #12 file, as `keytool` and `openssl pkcs12` write it.
final class Pkcs12 {

    private Pkcs12() {}

    /// Reads the file.
    ///
    /// @throws UncheckedIOException if it cannot be read, or the password is wrong
    /// @throws IllegalArgumentException if it is broken, or has no key
    static X509ExtendedKeyManager keys(CredentialFile file, char[] password) {
        try {
            KeyStore store = load(file, file.content(), password);
            checkHasKey(file, store, password);
            KeyManagerFactory factory = KeyManagerFactory.getInstance("NewSunX509");
            factory.init(store, password);
            return extended(factory.getKeyManagers());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read the key store %s: %s".formatted(file, CredentialFile.reason(e)),
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the key store %s is no good: %s".formatted(file, Logs.message(e)), e);
        }
    }

    private static X509ExtendedKeyManager extended(KeyManager[] managers) {
        for (KeyManager manager : managers) {
            if (manager instanceof X509ExtendedKeyManager extended) {
                return extended;
            }
        }
        throw new IllegalStateException("the JDK cannot choose certificates");
    }

    private static KeyStore load(CredentialFile file, byte[] bytes, char[] password)
            throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(new ByteArrayInputStream(bytes), password);
            return store;
        } catch (GeneralSecurityException e) {
            throw e;
        } catch (Throwable e) {
            if (e instanceof IOException wrong
                    && wrong.getCause() instanceof UnrecoverableKeyException) {
                throw new UncheckedIOException(
                        "cannot read the key store %s: the password is wrong".formatted(file),
                        wrong);
            }
            // What the JDK says of a broken file is about the bytes it stumbled over.
            throw new IllegalArgumentException(
                    "the key store %s is broken, or no PKCS #12 file at all".formatted(file), e);
        }
    }

    /// Takes each key out of the store. The key manager of the factory does so in the first
    /// handshake only.
    private static void checkHasKey(CredentialFile file, KeyStore store, char[] password)
            throws GeneralSecurityException {
        boolean hasKey = false;
        for (String alias : Collections.list(store.aliases())) {
            hasKey |= store.isKeyEntry(alias) && store.getKey(alias, password) != null;
        }
        if (!hasKey) {
            throw new IllegalArgumentException("the key store " + file + " holds no private key");
        }
    }
}
