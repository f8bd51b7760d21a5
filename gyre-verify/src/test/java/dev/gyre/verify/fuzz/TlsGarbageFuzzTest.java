package dev.gyre.verify.fuzz;

import static dev.gyre.verify.fuzz.FuzzedTls.CLIENT;
import static dev.gyre.verify.fuzz.FuzzedTls.HOST;
import static dev.gyre.verify.fuzz.FuzzedTls.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.TlsSession;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.TestLoop;
import java.util.Arrays;
import java.util.concurrent.Future;

/// Whatever comes instead of TLS records ends the handshake with an exception that says so.
final class TlsGarbageFuzzTest {

    @FuzzTest
    void anythingElseIsNoHandshake(FuzzedDataProvider data) {
        boolean isServer = data.consumeBoolean();
        int piece = data.consumeInt(1, 2000);
        byte[] bytes = data.consumeRemainingAsBytes();
        try (TestLoop test = new TestLoop()) {
            MemoryTransport.Pair pair = MemoryTransport.pair();
            IOStream near = new IOStream(test.loop(), pair.near());
            IOStream far = new IOStream(test.loop(), pair.far());
            LoopFuture<TlsSession> handshake =
                    isServer ? near.startTls(SERVER) : near.startTls(CLIENT, HOST);
            test.runUntilIdle();
            for (int start = 0; start < bytes.length; start += piece) {
                far.write(Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + piece)));
                test.runUntilIdle();
            }
            far.close();
            test.runUntilIdle();

            assertThat(handshake.state()).isEqualTo(Future.State.FAILED);
            assertThat(handshake.exceptionNow()).isInstanceOf(StreamClosedException.class);
            assertThat(near.isOpen()).isFalse();
            assertThat(near.readUntilClose().state()).isEqualTo(Future.State.FAILED);
        }
    }
}
