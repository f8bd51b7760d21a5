package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.TlsOptions;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A file whose content has changed is read again, though its time and length are the same.
@Timeout(60)
final class ReplacedFilesTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private static PemFiles a;
    private static PemFiles b;
    private static Path both;

    @TempDir private Path folder;

    private Path certificate;
    private Path key;
    private Path authorities;

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) throws Exception {
        a = PemFiles.make(folder, "EC", "a.test");
        b = PemFiles.make(folder, "EC", "b.test");
        both = Files.writeString(folder.resolve("both.pem"), text(a) + text(b));
    }

    @BeforeEach
    void name() {
        certificate = folder.resolve("server.pem");
        key = folder.resolve("server.key");
        authorities = folder.resolve("authorities.pem");
    }

    private static String text(PemFiles files) throws Exception {
        return Files.readString(files.certificate());
    }

    private static String shown(TlsOptions server, TlsOptions client) throws Exception {
        try (IOLoop loop = new IOLoop()) {
            SocketPair pair = SocketPair.connect(loop);
            return loop.runSync(() -> {
                pair.server().startTls(server).observe();
                return pair.client()
                        .startTls(client.withoutHostNameCheck(), "x.test")
                        .await()
                        .peerCertificates()
                        .getFirst()
                        .getSubjectX500Principal()
                        .getName();
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherCertificateAndKeyAreShown(Replacement way) throws Exception {
        way.put(certificate, text(a));
        way.put(key, Files.readString(a.key()));
        TlsOptions server = TlsOptions.server().withCertificate(certificate, key);
        TlsOptions client = TlsOptions.client().withTrust(both);
        assertThat(shown(server, client)).isEqualTo("CN=a.test");

        way.put(certificate, text(b));
        way.put(key, Files.readString(b.key()));

        assertThat(shown(server, client)).isEqualTo("CN=b.test");
    }

    @Test
    void theCertificateOfAnotherKeyStoreIsShown() throws Exception {
        Path store = folder.resolve("server.p12");
        writeStore(store, a);
        TlsOptions server = TlsOptions.server().withKeyStore(store, PASSWORD);
        TlsOptions client = TlsOptions.client().withTrust(both);
        FileTime time = Files.getLastModifiedTime(store);
        assertThat(shown(server, client)).isEqualTo("CN=a.test");

        writeStore(store, b);
        Files.setLastModifiedTime(store, time);

        assertThat(shown(server, client)).isEqualTo("CN=b.test");
    }

    @GyreTest
    void aKeyStoreThatIsNoGoodLeavesTheOldCertificateInUse(ExpectLog log) throws Exception {
        log.expect("dev.gyre.general", Level.ERROR, "stays in use");
        Path store = folder.resolve("server.p12");
        writeStore(store, a);
        TlsOptions server = TlsOptions.server().withKeyStore(store, PASSWORD);
        TlsOptions client = TlsOptions.client().withTrust(both);

        Files.writeString(store, "nonsense");

        assertThat(shown(server, client)).isEqualTo("CN=a.test");
        // Told once.
        assertThat(shown(server, client)).isEqualTo("CN=a.test");
    }

    private static void writeStore(Path file, PemFiles files) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            files.keyStore(PASSWORD).store(out, PASSWORD);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAuthorityThatWasTakenOutIsNotTrusted(Replacement way) throws Exception {
        way.put(authorities, text(a) + text(b));
        TlsOptions server = TlsOptions.server().withCertificate(a.certificate(), a.key());
        TlsOptions client = TlsOptions.client().withTrust(authorities);
        assertThat(shown(server, client)).isEqualTo("CN=a.test");

        way.put(authorities, text(b));

        assertThatExceptionOfType(StreamClosedException.class)
                .isThrownBy(() -> shown(server, client))
                .withCauseInstanceOf(SSLHandshakeException.class);
    }
}
