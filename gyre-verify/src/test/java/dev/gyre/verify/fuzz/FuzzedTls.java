package dev.gyre.verify.fuzz;

import dev.gyre.stream.TlsOptions;
import dev.gyre.verify.stream.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The two sides of the TLS connections that are fuzzed, with a certificate made for the run.
final class FuzzedTls {

    static final String HOST = "localhost";

    private static final PemFiles FILES = files();

    static final TlsOptions SERVER =
            TlsOptions.server().withCertificate(FILES.certificate(), FILES.key());

    static final TlsOptions CLIENT = TlsOptions.client().withTrust(FILES.certificate());

    private FuzzedTls() {}

    private static PemFiles files() {
        try {
            Path folder = Files.createTempDirectory("gyre-fuzz");
            folder.toFile().deleteOnExit();
            PemFiles files = PemFiles.make(folder, "EC", HOST);
            files.certificate().toFile().deleteOnExit();
            files.key().toFile().deleteOnExit();
            return files;
        } catch (IOException e) {
            throw new AssertionError("no folder for certificates", e);
        }
    }
}
