package dev.gyre.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A chain of certificates and its key, as they were in their files at one moment. Immutable.
///
/// @param name the host that it is for, `*.` in front standing for any one label; empty for all
/// @param chainFile the file with the chain
/// @param keyFile the file with the key
/// @param stamps when the files were changed last, by what was known when they were read
/// @param chain the chain, the host's own certificate first
/// @param key the key
record Credential(
        String name,
        Path chainFile,
        Path keyFile,
        List<FileTime> stamps,
        List<X509Certificate> chain,
        PrivateKey key) {

    /// The stamp of a file that is not there.
    private static final FileTime NO_FILE = FileTime.fromMillis(Long.MIN_VALUE);

    /// Reads the files.
    ///
    /// @throws UncheckedIOException if one cannot be read
    /// @throws IllegalArgumentException if what is in them is broken, or does not belong together
    static Credential read(String name, Path chainFile, Path keyFile) {
        List<FileTime> stamps = stamps(chainFile, keyFile);
        List<X509Certificate> chain = Pem.certificates(chainFile);
        PrivateKey key = Pem.privateKey(keyFile);
        String certified = chain.getFirst().getPublicKey().getAlgorithm();
        if (!KeyPairs.belongTogether(chain.getFirst().getPublicKey(), key)) {
            throw new IllegalArgumentException(
                    "the key in %s (%s) is not that of the first certificate in %s (%s)"
                            .formatted(keyFile, key.getAlgorithm(), chainFile, certified));
        }
        return new Credential(
                name.toLowerCase(Locale.ROOT), chainFile, keyFile, stamps, chain, key);
    }

    /// Returns whether the files have changed since they were read, or cannot be found.
    boolean isStale() {
        return !stamps.equals(stamps(chainFile, keyFile));
    }

    /// Returns this credential with the present stamps, so that files which are no good are not
    /// read again before they change again.
    Credential stamped() {
        return new Credential(name, chainFile, keyFile, stamps(chainFile, keyFile), chain, key);
    }

    boolean isFor(String host) {
        if (name.startsWith("*.")) {
            int dot = host.indexOf('.');
            return dot > 0 && host.substring(dot).equals(name.substring(1));
        }
        return name.equals(host);
    }

    /// Returns whether its certificate is of a type that the peer can make use of, as the JDK calls
    /// them.
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

    private static List<FileTime> stamps(Path... files) {
        return Arrays.stream(files).map(Credential::stamp).toList();
    }

    /// Returns when a file was changed last, or what stands for one that is not there.
    static FileTime stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            // Whoever reads the file hears why it cannot be read.
            return NO_FILE;
        }
    }
}
