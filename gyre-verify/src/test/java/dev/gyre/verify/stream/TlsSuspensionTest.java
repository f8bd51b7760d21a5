package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.TlsOptions;
import dev.gyre.stream.TlsSession;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.cert.X509Certificate;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A coroutine is suspended inside a TLS engine, where a source of random numbers makes it wait.
@Timeout(30)
@Tag("carrier")
final class TlsSuspensionTest {

    private static TlsOptions serverOptions;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch allowed = new CountDownLatch(1);

    private IOLoop loop;
    private SocketPair pair;

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) {
        PemFiles own = PemFiles.make(folder, "EC", "localhost");
        serverOptions = TlsOptions.server().withCertificate(own.certificate(), own.key());
    }

    @BeforeEach
    void connect() throws IOException {
        loop = new IOLoop();
        pair = SocketPair.connect(loop);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    /// Gives numbers only when it is allowed to.
    private final class SlowRandom extends SecureRandomSpi {

        /// Whether the context is made, which takes some numbers too.
        private boolean isReady;

        private final SecureRandom source = new SecureRandom();

        @Override
        protected void engineSetSeed(byte[] seed) {
            source.setSeed(seed);
        }

        @Override
        protected void engineNextBytes(byte[] bytes) {
            if (isReady) {
                waitUntilAllowed();
            }
            source.nextBytes(bytes);
        }

        private void waitUntilAllowed() {
            asked.countDown();
            try {
                allowed.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected byte[] engineGenerateSeed(int count) {
            return source.generateSeed(count);
        }
    }

    private TlsOptions slowClient() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            SlowRandom slow = new SlowRandom();
            TrustManager[] trusting = {new Trusting()};
            context.init(null, trusting, new SecureRandom(slow, null) {});
            slow.isReady = true;
            return TlsOptions.client().withContext(context).withoutHostNameCheck();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Starts the handshake of the client, and returns once it is suspended in the engine.
    private LoopFuture<TlsSession> startClient() {
        LoopFuture<TlsSession> session = pair.client().startTls(slowClient(), "localhost");
        while (asked.getCount() > 0) {
            Task.pause();
        }
        return session;
    }

    @Test
    void whatIsWrittenMeanwhileIsSentAfterwards() {
        String line =
                loop.runSync(() -> {
                    pair.server().startTls(serverOptions);
                    LoopFuture<TlsSession> session = startClient();

                    pair.client().write("meanwhile\n");
                    pair.client().flush();
                    Task.pause();
                    assertThat(session.isDone()).isFalse();
                    allowed.countDown();

                    return pair.server().readLine().await();
                });

        assertThat(line).isEqualTo("meanwhile");
    }

    @Test
    void closingMeanwhileEndsTheStreamAtOnce() {
        loop.runSync(() -> {
            LoopFuture<TlsSession> session = startClient();

            pair.client().close();

            assertThat(pair.client().isOpen()).isFalse();
            assertThat(session.isDone()).isTrue();
            StreamClosedException end = pair.server().closed().await();
            assertThat(end.isOrderly()).isTrue();
            allowed.countDown();
            Task.pause();
            assertThat(session.exceptionNow()).isInstanceOf(StreamClosedException.class);
            return null;
        });
    }

    @Test
    void endingTheOutputMeanwhileWaitsForTheHandshake() {
        boolean isOrderly =
                loop.runSync(() -> {
                    pair.server().startTls(serverOptions);
                    LoopFuture<TlsSession> session = startClient();
                    pair.client().shutdownOutput();
                    allowed.countDown();
                    session.await();
                    return pair.server().closed().await().isOrderly();
                });

        assertThat(isOrderly).isTrue();
    }

    /// Takes any certificate; what is tested here is something else.
    private static final class Trusting implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
