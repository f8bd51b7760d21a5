package dev.gyre.verify.stream;

import dev.gyre.stream.TlsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The options of a server and of a client that trusts it, made once for all suites.
public final class TlsPair {

    /// The host that the certificate is for.
    public static final String HOST = "localhost";

    /// The options of the server, which has the certificate.
    public static final TlsOptions SERVER;

    /// Trusts it.
    public static final TlsOptions CLIENT;

    static {
        try {
            Path folder = Files.createTempDirectory("gyre");
            PemFiles files = PemFiles.make(folder, "EC", HOST);
            SERVER = TlsOptions.server().withCertificate(files.certificate(), files.key());
            CLIENT = TlsOptions.client().withTrust(files.certificate());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TlsPair() {}
}
