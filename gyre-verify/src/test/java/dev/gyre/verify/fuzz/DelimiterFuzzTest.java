package dev.gyre.verify.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.TestLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Any delimiter of any bytes is found where a plain search finds it, however its input is cut.
final class DelimiterFuzzTest {

    @FuzzTest
    void theFirstDelimiterEndsTheRead(FuzzedDataProvider data) {
        byte[] delimiter = data.consumeBytes(data.consumeInt(1, 20));
        int piece = data.consumeInt(1, 100);
        String input = new String(data.consumeRemainingAsBytes(), StandardCharsets.ISO_8859_1);
        if (delimiter.length == 0) {
            return;
        }

        List<String> frames = frames(delimiter, input, piece);

        assertThat(frames)
                .isEqualTo(split(input, new String(delimiter, StandardCharsets.ISO_8859_1)));
    }

    private static List<String> frames(byte[] delimiter, String input, int piece) {
        List<String> frames = new ArrayList<>();
        try (TestLoop test = new TestLoop()) {
            MemoryTransport.Pair pair = MemoryTransport.pair();
            IOStream near = new IOStream(test.loop(), pair.near());
            IOStream far = new IOStream(test.loop(), pair.far());
            Task<Boolean> reader =
                    test.loop().spawn("reader", () -> readAll(near, delimiter, frames));
            byte[] bytes = input.getBytes(StandardCharsets.ISO_8859_1);
            for (int start = 0; start < bytes.length; start += piece) {
                int end = Math.min(bytes.length, start + piece);
                far.write(Arrays.copyOfRange(bytes, start, end));
                test.runUntilIdle();
            }
            far.closeAfterFlush();
            test.runUntilIdle();
            assertThat(reader.resultNow()).isTrue();
        }
        return frames;
    }

    private static boolean readAll(IOStream near, byte[] delimiter, List<String> frames) {
        try {
            while (true) {
                byte[] frame = near.readUntil(delimiter).await();
                frames.add(new String(frame, StandardCharsets.ISO_8859_1));
            }
        } catch (StreamClosedException e) {
            byte[] rest = near.readUntilClose().await();
            frames.add(new String(rest, StandardCharsets.ISO_8859_1));
            return true;
        }
    }

    private static List<String> split(String input, String delimiter) {
        List<String> frames = new ArrayList<>();
        int start = 0;
        for (int at = input.indexOf(delimiter); at >= 0; at = input.indexOf(delimiter, start)) {
            frames.add(input.substring(start, at + delimiter.length()));
            start = at + delimiter.length();
        }
        frames.add(input.substring(start));
        return frames;
    }
}
