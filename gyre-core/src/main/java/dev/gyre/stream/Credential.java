package dev.gyre.stream;

import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;

/// A chain of certificates and its key, as they were in their files at one moment. Immutable.
///
/// @param name the host that it is for, `*.` in front standing for any one label; empty for all
/// @param chainFile the file with the chain
/// @param keyFile the file with the key
/// @param chain the chain, the host's own certificate first
/// @param key the key
record Credential(
        String name,
        CredentialFile chainFile,
        CredentialFile keyFile,
        List<X509Certificate> chain,
        PrivateKey key) {

    /// Takes the chain and the key from their files.
    ///
    /// @throws UncheckedIOException if one could not be read
    /// @throws IllegalArgumentException if what is in them is broken, or does not belong together
    static Credential of(String name, CredentialFile chainFile, CredentialFile keyFile) {
        List<X509Certificate> chain = Pem.certificates(chainFile);
        PrivateKey key = Pem.privateKey(keyFile);
        String certified = chain.getFirst().getPublicKey().getAlgorithm();
        if (!KeyPairs.belongTogether(chain.getFirst().getPublicKey(), key)) {
            throw new IllegalArgumentException(
                    "the key in %s (%s) is not that of the first certificate in %s (%s)"
                            .formatted(keyFile, key.getAlgorithm(), chainFile, certified));
        }
        return new Credential(name.toLowerCase(Locale.ROOT), chainFile, keyFile, chain, key);
    }

    /// Returns this credential with a later look at its files, so that those which are no good are
    /// not told of again before they change again.
    Credential with(CredentialFile chainLater, CredentialFile keyLater) {
        return new Credential(name, chainLater, keyLater, chain, key);
    }

    boolean isFor(String host) {
        if (name.startsWith("*.")) {
            int dot = host.indexOf('.');
            return dot > 0 && host.substring(dot).equals(name.substring(1));
        }
        return name.equals(host);
    }

    /// Returns whether the certificate has a key of a type that the peer can make use of. The types
    /// bear the names that `javax.net.ssl.X509KeyManager` gives them.
    boolean hasType(String keyType) {
        String algorithm = key.getAlgorithm();
        return switch (keyType) {
            case "RSA", "RSASSA-PSS" -> algorithm.equals("RSA");
            case "EC", "ECDSA" -> algorithm.equals("EC");
            default -> algorithm.equals(keyType);
        };
    }

    X509Certificate[] chainArray() {
        return chain.toArray(X509Certificate[]::new);
    }
}
