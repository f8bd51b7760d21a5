package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.IOLoop;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

final class TlsTransportRecordsTest {

    /// The end of the peer is told by a test of the suite, since it needs a peer.
    @Test
    void whatIsSealedAfterOurEndBlamesNoPeerAndNoVersion() throws Exception {
        try (IOLoop loop = new IOLoop()) {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            TlsTransportRecords records =
                    new TlsTransportRecords(new ScriptedTransport(), engine, Staging.of(loop));
            records.sealEnd();

            assertThatExceptionOfType(SSLException.class)
                    .isThrownBy(() -> records.seal(ByteBuffer.wrap(new byte[1])))
                    .withMessage("nothing can be sent any more: TLS has ended the output");
        }
    }
}
