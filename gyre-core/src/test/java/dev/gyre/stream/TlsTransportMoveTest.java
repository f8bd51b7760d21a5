package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.stream.TlsTransportMove.Own;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsTransportMoveTest {

    @ParameterizedTest
    @CsvSource({
        "NEED_TASK, RUN_TASKS",
        "NEED_WRAP, SEAL",
        "NEED_UNWRAP, OPEN",
        "NEED_UNWRAP_AGAIN, OPEN",
        "FINISHED, REST",
        "NOT_HANDSHAKING, REST"
    })
    void theHandshakeGoesWhereTheEngineWants(HandshakeStatus status, TlsTransportMove move) {
        assertThat(TlsTransportMove.duringHandshake(status)).isEqualTo(move);
    }

    @ParameterizedTest
    @CsvSource({
        // status, with TLS 1.2, with 1.3 or an end of our own, after that end
        "NEED_TASK, REFUSE, RUN_TASKS, RUN_TASKS",
        "NEED_WRAP, REFUSE, SEAL, OPEN",
        "NEED_UNWRAP, OPEN, OPEN, OPEN",
        "NEED_UNWRAP_AGAIN, OPEN, OPEN, OPEN",
        "FINISHED, OPEN, OPEN, OPEN",
        "NOT_HANDSHAKING, OPEN, OPEN, OPEN"
    })
    void afterwardsTheEngineSaysOnlyWhatItMay(
            HandshakeStatus status,
            TlsTransportMove nothing,
            TlsTransportMove allowed,
            TlsTransportMove over) {
        assertThat(TlsTransportMove.afterHandshake(status, Own.NOTHING)).isEqualTo(nothing);
        assertThat(TlsTransportMove.afterHandshake(status, Own.ALLOWED)).isEqualTo(allowed);
        assertThat(TlsTransportMove.afterHandshake(status, Own.OVER)).isEqualTo(over);
    }

    @Test
    void theTablesHaveEveryStatus() {
        assertThat(Stream.of(HandshakeStatus.values())).hasSize(6);
    }
}
