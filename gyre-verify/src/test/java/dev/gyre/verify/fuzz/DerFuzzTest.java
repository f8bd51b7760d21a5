package dev.gyre.verify.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gyre.stream.TlsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/// Whatever lies in the blocks of PEM files is taken, or refused by an exception whose message
/// names the file.
final class DerFuzzTest {

    private static final String[] KEYS = {"PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"};

    @FuzzTest
    void brokenContentIsRefusedByName(byte[] script) throws IOException {
        Choices choices = new Choices(script);
        String label = KEYS[choices.below(KEYS.length)];
        Path chain = file("CERTIFICATE", choices.bytes(choices.below(Character.MAX_VALUE)));
        Path key = file(label, choices.rest());
        try {
            refusedByName(() -> TlsOptions.server().withCertificate(chain, key), chain, key);
            refusedByName(() -> TlsOptions.client().withTrust(chain), chain, chain);
        } finally {
            Files.delete(chain);
            Files.delete(key);
        }
    }

    private static Path file(String label, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder().encodeToString(der);
        return Files.writeString(
                Files.createTempFile("gyre-fuzz", ".pem"),
                "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, base64));
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
