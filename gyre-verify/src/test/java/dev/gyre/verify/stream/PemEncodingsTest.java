package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.stream.TlsOptions;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// PEM files as editors and shells of all systems write them.
final class PemEncodingsTest {

    private static final String MARK = "\uFEFF";

    private static PemFiles own;

    @TempDir private Path folder;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) {
        own = PemFiles.make(folder, "EC", "own.test");
    }

    private Path written(Path original, String before, Charset encoding) throws IOException {
        return Files.writeString(
                folder.resolve(original.getFileName()),
                before + Files.readString(original),
                encoding);
    }

    @Test
    void aByteOrderMarkBelongsToNoLine() throws IOException {
        Path certificate = written(own.certificate(), MARK, StandardCharsets.UTF_8);
        Path key = written(own.key(), MARK, StandardCharsets.UTF_8);

        assertThat(TlsOptions.server().withCertificate(certificate, key)).isNotNull();
        assertThat(TlsOptions.client().withTrust(certificate)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {MARK + MARK, " " + MARK, MARK + " ", "\t" + MARK + " " + MARK})
    void norDoSeveralMarksAndBlanks(String before) throws IOException {
        Path certificate = written(own.certificate(), before, StandardCharsets.UTF_8);
        Path key = written(own.key(), before, StandardCharsets.UTF_8);

        assertThat(TlsOptions.server().withCertificate(certificate, key)).isNotNull();
        assertThat(TlsOptions.client().withTrust(certificate)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00A0", "\u200B", "# "})
    void aLineWithMoreThanItsWordsIsTold(String before) throws IOException {
        Path certificate = written(own.certificate(), "\n" + before, StandardCharsets.UTF_8);
        Path key = written(own.key(), before, StandardCharsets.UTF_8);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.client().withTrust(certificate))
                .withMessage(
                        certificate
                                + " holds no certificate: in line 2 there is more than"
                                + " '-----BEGIN CERTIFICATE-----'");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.server().withCertificate(own.certificate(), key))
                .withMessageContaining("holds no private key: in line 1 there is more than");
    }

    @Test
    void filesWithMarksMayBeJoined() throws IOException {
        String marked = MARK + Files.readString(own.certificate());
        Path broken =
                Files.writeString(
                        folder.resolve("joined.pem"),
                        marked + marked.replaceFirst("\n[^-\n]+\n", "\n####\n"));

        // The second is read, since it is told that it is broken.
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.client().withTrust(broken))
                .withMessageContaining("is broken");
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-16BE, true, UTF-16",
        "UTF-16LE, true, UTF-16",
        "UTF-32BE, true, UTF-32",
        "UTF-32LE, true, UTF-32",
        "UTF-16BE, false, UTF-16BE",
        "UTF-16LE, false, UTF-16LE"
    })
    void wideCharactersAreRefusedByTheNameOfTheirEncoding(
            Charset encoding, boolean isMarked, String named) throws IOException {
        Path certificate = written(own.certificate(), isMarked ? MARK : "", encoding);
        Path key = written(own.key(), isMarked ? MARK : "", encoding);
        String message = " is encoded in " + named + "; write it in UTF-8: iconv -f " + named;

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.client().withTrust(certificate))
                .withMessageStartingWith(certificate + message);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.server().withCertificate(own.certificate(), key))
                .withMessageStartingWith(key + message);
    }
}
