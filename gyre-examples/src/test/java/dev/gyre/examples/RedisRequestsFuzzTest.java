package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.UnsatisfiableReadException;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.TestLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Any bytes are the same requests, up to the same error, however they are cut.
final class RedisRequestsFuzzTest {

    @FuzzTest
    void requestsDoNotDependOnThePieces(FuzzedDataProvider data) {
        int piece = data.consumeInt(1, 50);
        byte[] bytes = data.consumeRemainingAsBytes();

        assertThat(requests(bytes, piece)).isEqualTo(requests(bytes, Integer.MAX_VALUE));
    }

    private static List<String> requests(byte[] bytes, int piece) {
        List<String> requests = new ArrayList<>();
        try (TestLoop test = new TestLoop()) {
            MemoryTransport.Pair pair = MemoryTransport.pair();
            IOStream near = new IOStream(test.loop(), pair.near());
            IOStream far = new IOStream(test.loop(), pair.far());
            Task<Boolean> reader = test.loop().spawn("reader", () -> readAll(near, requests));
            int start = 0;
            while (start < bytes.length) {
                int end = start + Math.min(piece, bytes.length - start);
                far.write(Arrays.copyOfRange(bytes, start, end));
                test.runUntilIdle();
                start = end;
            }
            far.closeAfterFlush();
            test.runUntilIdle();
            assertThat(reader.resultNow()).isTrue();
            near.close();
            test.runUntilIdle();
        }
        return requests;
    }

    private static boolean readAll(IOStream near, List<String> requests) {
        try {
            while (true) {
                requests.add(RedisProtocol.readRequest(near).toString());
            }
        } catch (RedisProtocol.ProtocolException e) {
            return requests.add("refused: " + e.getMessage());
        } catch (StreamClosedException e) {
            return requests.add("ended");
        } catch (UnsatisfiableReadException e) {
            return requests.add("too long");
        }
    }
}
