package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.TlsOptions;
import dev.gyre.stream.TlsSession;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Options of TLS that cannot be, which show when they are made, and files that vanish later.
final class TlsMistakesTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir private Path folder;

    private PemFiles own;
    private TlsOptions serverOptions;

    @BeforeEach
    void makeCertificate() {
        own = PemFiles.make(folder, "EC", "localhost");
        serverOptions = TlsOptions.server().withCertificate(own.certificate(), own.key());
    }

    private TlsSession session(TestLoop test, TlsOptions options) throws Exception {
        try (MeddledPair pair = MeddledPair.connect(test.loop())) {
            LoopFuture<TlsSession> session = pair.server().startTls(options);
            pair.client().startTls(TlsOptions.client().withTrust(own.certificate()), "localhost");
            test.runUntilIdle();
            return session.resultNow();
        }
    }

    @GyreTest
    void aCipherSuiteCanBeChosen(TestLoop test) throws Exception {
        TlsOptions chosen = serverOptions.withCipherSuites("TLS_CHACHA20_POLY1305_SHA256");

        assertThat(session(test, chosen).cipherSuite()).isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
    }

    @Test
    void aCipherSuiteThatIsNoneIsRefusedAtOnce() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> serverOptions.withCipherSuites("TLS_ROT13"))
                .withMessageContaining("'TLS_ROT13' is not one of the cipher suites");
    }

    @Test
    void aNameOfAnApplicationProtocolHasALength() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> serverOptions.withApplicationProtocols(""));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> serverOptions.withApplicationProtocols("x".repeat(256)));
        assertThat(serverOptions.withApplicationProtocols("x".repeat(255))).isNotNull();
    }

    @Test
    void someVersionOfTlsMustBeSpoken() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(serverOptions::withProtocols)
                .withMessageContaining("no version of TLS is left");
    }

    @GyreTest
    void aNameThatNoServerCanHaveIsToldByItself(TestLoop test) throws Exception {
        try (MeddledPair pair = MeddledPair.connect(test.loop())) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> pair.client().startTls(TlsOptions.client(), "my_host"))
                    .withMessageStartingWith("'my_host' is not a name that a TLS server can have");
            assertThat(pair.client().isOpen()).isTrue();
        }
    }

    @Test
    void aReadyContextAndCertificatesExcludeEachOther() throws Exception {
        SSLContext ready = SSLContext.getDefault();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> serverOptions.withContext(ready))
                .withMessageContaining("one or the other");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(
                        () -> TlsOptions.client().withContext(ready).withTrust(own.certificate()))
                .withMessageContaining("the context that was given");
    }

    @Test
    void aKeyStoreNeedsAKeyAndItsPassword() throws Exception {
        Path file = folder.resolve("store.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.server().withKeyStore(file, PASSWORD))
                .withMessageContaining("store.p12 holds no private key");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> TlsOptions.server().withKeyStore(file, "no".toCharArray()))
                .withMessage("cannot read the key store %s: the password is wrong", file);
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> TlsOptions.server().withKeyStore(file, null))
                .withMessage("password");
    }

    @Test
    void aKeyStoreThatIsNoneIsToldInWords() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.p12"));

        for (Path file : List.of(empty, own.certificate())) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> TlsOptions.server().withKeyStore(file, PASSWORD))
                    .withMessage("the key store %s is broken, or no PKCS #12 file at all", file);
        }
    }

    @Test
    void aKeyWithAPasswordOfItsOwnIsToldAtOnce() throws Exception {
        Path file = folder.resolve("two.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        Certificate certificate = certificate(own.certificate());
        store.setKeyEntry(
                "own", key(own.key()), "other".toCharArray(), new Certificate[] {certificate});
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TlsOptions.server().withKeyStore(file, PASSWORD))
                .withMessageStartingWith("the key store " + file + " is no good: ");
    }

    private static Certificate certificate(Path pem) throws Exception {
        try (InputStream in = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PrivateKey key(Path pem) throws Exception {
        String base64 = Files.readString(pem).replaceAll("-----.*-----", "");
        byte[] der = Base64.getMimeDecoder().decode(base64);
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // It has other words for it.
    void aFolderInPlaceOfAFileIsNamedOnceWithTheReason() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> serverOptions.withTrust(folder))
                .withMessage("cannot read %s: Is a directory", folder);
        Path below = own.certificate().resolve("cert.pem");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> serverOptions.withTrust(below))
                .withMessage("cannot read %s: Not a directory", below);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFileWithoutEndIsRefused() {
        Path zeros = Path.of("/dev/zero");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> serverOptions.withTrust(zeros))
                .withMessageStartingWith("cannot read /dev/zero: it has more than 16 MiB");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // It has no such permissions.
    void aFileThatMustNotBeReadIsNamedWithTheReason() throws Exception {
        Path file = own.certificate();
        Files.setPosixFilePermissions(file, Set.of());
        assumeFalse(Files.isReadable(file), "this user may read all files");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> serverOptions.withTrust(file))
                .withMessage("cannot read %s: reading it is not permitted", file);
    }

    @GyreTest
    void filesThatVanishLeaveTheirCertificateInUseAndAreToldOnce(TestLoop test, ExpectLog log)
            throws Exception {
        log.expect("dev.gyre.general", Level.ERROR, "stays in use");
        Files.move(own.key(), folder.resolve("elsewhere"));

        assertThat(session(test, serverOptions).protocol()).isEqualTo("TLSv1.3");
        assertThat(session(test, serverOptions).protocol()).isEqualTo("TLSv1.3");
    }
}
