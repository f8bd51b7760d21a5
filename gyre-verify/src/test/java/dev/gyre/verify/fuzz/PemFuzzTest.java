package dev.gyre.verify.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gyre.stream.TlsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Any file in place of a certificate, key or list of authorities is taken, or refused by an
/// exception whose message names it.
final class PemFuzzTest {

    @FuzzTest
    void aBrokenFileIsRefusedByName(FuzzedDataProvider data) throws IOException {
        int split = data.consumeInt(0, 4000);
        Path chain = file(data.consumeBytes(split));
        Path key = file(data.consumeRemainingAsBytes());
        try {
            refusedByName(() -> TlsOptions.server().withCertificate(chain, key), chain, key);
            refusedByName(() -> TlsOptions.client().withTrust(chain), chain, chain);
        } finally {
            Files.delete(chain);
            Files.delete(key);
        }
    }

    private static Path file(byte[] content) throws IOException {
        return Files.write(Files.createTempFile("gyre-fuzz", ".pem"), content);
    }

    private static void refusedByName(Runnable use, Path one, Path other) {
        try {
            use.run();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            assertThat(e.getMessage())
                    .containsAnyOf(one.getFileName().toString(), other.getFileName().toString());
        }
    }
}
