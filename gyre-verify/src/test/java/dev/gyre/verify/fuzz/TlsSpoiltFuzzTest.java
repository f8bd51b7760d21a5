package dev.gyre.verify.fuzz;

import static dev.gyre.verify.fuzz.FuzzedTls.CLIENT;
import static dev.gyre.verify.fuzz.FuzzedTls.HOST;
import static dev.gyre.verify.fuzz.FuzzedTls.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.TlsSession;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.TestLoop;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;

/// A connection of which one byte is spoilt gives nothing that was not sent, and ends in order only
/// if everything came.
final class TlsSpoiltFuzzTest {

    private static final String TEXT =
            "what the client has to say, a few hundred times\n".repeat(400);

    @FuzzTest
    void spoiltRecordsGiveNothingThatWasNotSent(FuzzedDataProvider data) {
        Spoiler.Kind kind = data.pickValue(Spoiler.Kind.values());
        // The first flight has a few hundred bytes, the text some thousands.
        int place = data.consumeInt(0, 25_000);
        boolean ofServer = data.consumeBoolean();
        try (TestLoop test = new TestLoop()) {
            MemoryTransport.Pair pair = MemoryTransport.pair();
            Spoiler spoiler = new Spoiler(ofServer ? pair.near() : pair.far(), kind, place);
            IOStream server = new IOStream(test.loop(), ofServer ? spoiler : pair.near());
            IOStream client = new IOStream(test.loop(), ofServer ? pair.far() : spoiler);
            LoopFuture<TlsSession> accepted = server.startTls(SERVER);
            LoopFuture<TlsSession> connected = client.startTls(CLIENT, HOST);
            client.write(TEXT);
            client.shutdownOutput();
            LoopFuture<byte[]> read = server.readUntilClose();
            test.runUntilIdle();
            boolean endedInOrder = read.state() == Future.State.SUCCESS;
            client.close();
            server.close();
            test.runUntilIdle();

            assertThat(accepted.isDone() && connected.isDone() && read.isDone()).isTrue();
            if (endedInOrder) {
                assertThat(text(read)).isEqualTo(TEXT);
            }
            if (read.state() == Future.State.SUCCESS) {
                assertThat(TEXT).startsWith(text(read));
            }
        }
    }

    private static String text(LoopFuture<byte[]> read) {
        return new String(read.resultNow(), StandardCharsets.US_ASCII);
    }
}
