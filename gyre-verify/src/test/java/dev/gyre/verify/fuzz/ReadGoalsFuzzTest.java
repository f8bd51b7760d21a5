package dev.gyre.verify.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.TestLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Any reads of any input, in whatever pieces it comes, give what a plain reading of the whole
/// input gives.
final class ReadGoalsFuzzTest {

    private static final int CHUNKS_MAX = 12;
    private static final int READS_MAX = 12;

    @FuzzTest
    void readsDoNotDependOnThePieces(FuzzedDataProvider data) {
        List<byte[]> chunks = new ArrayList<>();
        for (int count = data.consumeInt(0, CHUNKS_MAX); count > 0; count--) {
            chunks.add(text(data.consumeBytes(data.consumeInt(1, 40))));
        }
        List<FuzzedRead> reads = new ArrayList<>();
        for (int count = data.consumeInt(1, READS_MAX); count > 0; count--) {
            reads.add(FuzzedRead.from(data));
        }

        List<ReadOutcome> outcomes = outcomes(chunks, reads);

        PlainReader model = new PlainReader(whole(chunks));
        for (int i = 0; i < reads.size(); i++) {
            FuzzedRead read = reads.get(i);
            assertThat(model.expects(read, outcomes.get(i)))
                    .as("read %d, %s, of %s in %s gave %s", i, read, model, sizes(chunks), outcomes)
                    .isTrue();
        }
    }

    /// Few different bytes, so that delimiters are found, and nearly found.
    private static byte[] text(byte[] bytes) {
        byte[] text = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            text[i] = (byte) "ab\r\nab1 ".charAt(bytes[i] & 7);
        }
        return text;
    }

    private static byte[] whole(List<byte[]> chunks) {
        byte[] whole = {};
        for (byte[] chunk : chunks) {
            whole = Arrays.copyOf(whole, whole.length + chunk.length);
            System.arraycopy(chunk, 0, whole, whole.length - chunk.length, chunk.length);
        }
        return whole;
    }

    private static List<Integer> sizes(List<byte[]> chunks) {
        return chunks.stream().map(chunk -> chunk.length).toList();
    }

    private static List<ReadOutcome> outcomes(List<byte[]> chunks, List<FuzzedRead> reads) {
        List<ReadOutcome> outcomes = new ArrayList<>();
        try (TestLoop test = new TestLoop()) {
            MemoryTransport.Pair pair = MemoryTransport.pair();
            IOStream near = new IOStream(test.loop(), pair.near());
            IOStream far = new IOStream(test.loop(), pair.far());
            Task<Boolean> reader =
                    test.loop()
                            .spawn(
                                    "reader",
                                    () -> {
                                        for (FuzzedRead read : reads) {
                                            outcomes.add(read.of(near));
                                        }
                                        return true;
                                    });
            for (byte[] chunk : chunks) {
                far.write(chunk);
                test.runUntilIdle();
            }
            far.closeAfterFlush();
            test.runUntilIdle();
            assertThat(reader.isDone()).as("all reads have ended").isTrue();
            reader.resultNow();
            near.close();
            test.runUntilIdle();
        }
        return outcomes;
    }
}
