package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.TlsOptions;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where certificates come from, and which of them is shown.
final class TlsOptionsTest {

    private static final String GENERAL = "dev.gyre.general";

    @TempDir private Path folder;

    /// Returns the name in the certificate that a server shows to a client that asks for `host`.
    private static String shown(TlsOptions server, TlsOptions client, String host)
            throws Exception {
        try (IOLoop loop = new IOLoop()) {
            SocketPair pair = SocketPair.connect(loop);
            return loop.runSync(() -> {
                pair.server().startTls(server);
                return pair.client()
                        .startTls(client.withoutHostNameCheck(), host)
                        .await()
                        .peerCertificates()
                        .getFirst()
                        .getSubjectX500Principal()
                        .getName();
            });
        }
    }

    private Path allOf(PemFiles... files) throws Exception {
        StringBuilder all = new StringBuilder();
        for (PemFiles each : files) {
            all.append(Files.readString(each.certificate()));
        }
        return Files.writeString(folder.resolve("all.pem"), all);
    }

    @Test
    void eachNameHasItsCertificateAndTheFirstIsForTheRest() throws Exception {
        PemFiles a = PemFiles.make(folder, "EC", "a.example");
        PemFiles b = PemFiles.make(folder, "RSA", "b.example");
        TlsOptions server =
                TlsOptions.server()
                        .withCertificate("a.example", a.certificate(), a.key())
                        .withCertificate("*.b.example", b.certificate(), b.key());
        TlsOptions client = TlsOptions.client().withTrust(allOf(a, b));

        assertThat(shown(server, client, "a.example")).isEqualTo("CN=a.example");
        assertThat(shown(server, client, "A.EXAMPLE")).isEqualTo("CN=a.example");
        assertThat(shown(server, client, "www.b.example")).isEqualTo("CN=b.example");
        assertThat(shown(server, client, "other.example")).isEqualTo("CN=a.example");
        assertThat(shown(server, client, "127.0.0.1")).isEqualTo("CN=a.example");
    }

    @GyreTest
    void filesThatHaveChangedAreReadAgain(ExpectLog log) throws Exception {
        log.expect(GENERAL, Level.INFO, "read again");
        PemFiles old = PemFiles.make(folder, "EC", "old.example");
        PemFiles fresh = PemFiles.make(folder, "EC", "new.example");
        TlsOptions server = TlsOptions.server().withCertificate(old.certificate(), old.key());
        TlsOptions client = TlsOptions.client().withTrust(allOf(old, fresh));
        assertThat(shown(server, client, "x")).isEqualTo("CN=old.example");

        replace(old, fresh);

        assertThat(shown(server, client, "x")).isEqualTo("CN=new.example");
    }

    private static void replace(PemFiles old, PemFiles fresh) throws Exception {
        Files.copy(fresh.certificate(), old.certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(fresh.key(), old.key(), StandardCopyOption.REPLACE_EXISTING);
        age(old.certificate());
        age(old.key());
    }

    /// Gives a file a time of its own: the clock of the file system may stand still for some
    /// milliseconds.
    private static void age(Path file) throws Exception {
        long millis = Files.getLastModifiedTime(file).toMillis();
        Files.setLastModifiedTime(file, FileTime.fromMillis(millis - 60_000));
    }

    @GyreTest
    void filesThatAreNoGoodLeaveTheOldCertificateInUse(ExpectLog log) throws Exception {
        log.expect(GENERAL, Level.ERROR, "stays in use");
        PemFiles own = PemFiles.make(folder, "EC", "own.example");
        TlsOptions server = TlsOptions.server().withCertificate(own.certificate(), own.key());
        TlsOptions client = TlsOptions.client().withTrust(allOf(own));
        assertThat(shown(server, client, "x")).isEqualTo("CN=own.example");

        Files.writeString(own.key(), "-----BEGIN PRIVATE KEY-----\nnonsense\n");
        age(own.key());

        assertThat(shown(server, client, "x")).isEqualTo("CN=own.example");
        // Told once, since the file is not looked into again before it changes again.
        assertThat(shown(server, client, "x")).isEqualTo("CN=own.example");
    }

    @GyreTest
    void authoritiesThatHaveChangedAreReadAgain(ExpectLog log) throws Exception {
        log.expect(GENERAL, Level.INFO, "the authorities in");
        PemFiles own = PemFiles.make(folder, "EC", "own.example");
        PemFiles other = PemFiles.make(folder, "EC", "other.example");
        TlsOptions server = TlsOptions.server().withCertificate(own.certificate(), own.key());
        TlsOptions client = TlsOptions.client().withTrust(allOf(other));
        assertThatExceptionOfType(StreamClosedException.class)
                .isThrownBy(() -> shown(server, client, "x"))
                .withCauseInstanceOf(SSLHandshakeException.class);

        age(allOf(own));

        assertThat(shown(server, client, "x")).isEqualTo("CN=own.example");
    }

    @GyreTest
    void authoritiesThatAreNoGoodLeaveTheOldOnesTrusted(ExpectLog log) throws Exception {
        log.expect(GENERAL, Level.ERROR, "the authorities before stay trusted");
        PemFiles own = PemFiles.make(folder, "EC", "own.example");
        TlsOptions server = TlsOptions.server().withCertificate(own.certificate(), own.key());
        TlsOptions client = TlsOptions.client().withTrust(allOf(own));

        age(Files.writeString(folder.resolve("all.pem"), "nonsense\n"));

        assertThat(shown(server, client, "x")).isEqualTo("CN=own.example");
        // Told once.
        assertThat(shown(server, client, "x")).isEqualTo("CN=own.example");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() ->
                        TlsOptions.server()
                                .withCertificate(
                                        folder.resolve("no.pem"), folder.resolve("no.key")))
                .withMessageContaining("no.pem");
    }

    @Test
    void aFileWithoutACertificateIsNamed() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "hello\n");

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.client().withTrust(empty))
                .withMessageContaining("empty.pem holds no certificate");
    }

    @Test
    void aBrokenBlockIsToldWithItsLine() throws Exception {
        Path broken =
                Files.writeString(
                        folder.resolve("broken.pem"),
                        "comment\n-----BEGIN CERTIFICATE-----\n####\n-----END CERTIFICATE-----\n");

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.client().withTrust(broken))
                .withMessageContaining("CERTIFICATE in " + broken + ", line 2, is broken");
    }

    @Test
    void aCertificateThatTheJdkStumblesOverIsToldWithItsLine() throws Exception {
        // A certificate with a key of Ed25519 that has no bytes.
        Path broken =
                Files.writeString(
                        folder.resolve("keyless.pem"),
                        """
                        -----BEGIN CERTIFICATE-----
                        MHYwaqADAgECAhR6FiO7CDLxhCGRdFZGeiKoP6P26jAFBgMrZXAwDDEKMAgGA1UE
                        AwwBZTAeFw0yNjExMjExNzA2MTFaFw0yNjExMjIxNzA2MTFaMAwxCjAIBgNVBAMM
                        AWUwCjAFBgMrZXADAQAwBQYDK2VwAwEA
                        -----END CERTIFICATE-----
                        """);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.client().withTrust(broken))
                .withMessageContaining("CERTIFICATE in " + broken + ", line 1, is broken");
    }

    @Test
    void anEncryptedKeyIsRefusedWithTheCure() throws Exception {
        PemFiles own = PemFiles.make(folder, "EC", "own.example");
        Path key =
                Files.writeString(
                        folder.resolve("secret.key"),
                        """
                        -----BEGIN ENCRYPTED PRIVATE KEY-----
                        AAAA
                        -----END ENCRYPTED PRIVATE KEY-----
                        """);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.server().withCertificate(own.certificate(), key))
                .withMessageContaining("is encrypted")
                .withMessageContaining("openssl pkey");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() {
        PemFiles a = PemFiles.make(folder, "EC", "a.example");
        PemFiles b = PemFiles.make(folder, "EC", "b.example");

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.server().withCertificate(a.certificate(), b.key()))
                .withMessageContaining("is not that of the first certificate");
    }

    @Test
    void aProtocolThatIsNoneIsRefusedAtOnce() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.client().withProtocols("TLSv9"))
                .withMessageContaining("TLSv9");
    }
}
