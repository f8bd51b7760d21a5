package dev.gyre.verify.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.UnsatisfiableReadException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// A read of a stream.
///
/// @param verb which one
/// @param delimiter for those that want one: text, or a pattern
/// @param count how many bytes, exactly or at most, as the verb says
record FuzzedRead(Verb verb, String delimiter, int count) {

    enum Verb {
        UNTIL,
        REGEX,
        LINE,
        BYTES,
        PEEK,
        SOME,
        INTO,
        SOME_INTO,
        UNTIL_CLOSE;

        /// Returns whether the count is a limit, which must be positive.
        boolean isLimited() {
            return this == UNTIL || this == REGEX || this == LINE || this == UNTIL_CLOSE;
        }
    }

    private static final String[] DELIMITERS = {
        "\n", "\r\n", "a", "ab", "aab", "abab", "1 ", "\r\n\r\n"
    };
    private static final String[] PATTERNS = {"\n", "\r?\n", "a+b", "1[ab]*\n", "(ab){2}", "\\d "};

    static FuzzedRead from(FuzzedDataProvider data) {
        Verb verb = data.pickValue(Verb.values());
        String delimiter = data.pickValue(verb == Verb.REGEX ? PATTERNS : DELIMITERS);
        return new FuzzedRead(verb, delimiter, data.consumeInt(verb.isLimited() ? 1 : 0, 60));
    }

    ReadOutcome of(IOStream stream) {
        ByteBuffer target = ByteBuffer.allocate(count);
        try {
            return switch (verb) {
                case UNTIL -> ReadOutcome.gave(stream.readUntil(delimiter, count).await());
                case REGEX ->
                        ReadOutcome.gave(
                                stream.readUntilRegex(Pattern.compile(delimiter), count).await());
                case LINE -> ReadOutcome.gave(stream.readLine(count).await());
                case BYTES -> ReadOutcome.gave(stream.readBytes(count).await());
                case PEEK -> ReadOutcome.gave(stream.peek(count).await());
                case SOME -> ReadOutcome.gave(stream.readSome(count).await());
                case INTO -> {
                    stream.readInto(target).await();
                    yield ReadOutcome.gave(content(target));
                }
                case SOME_INTO -> {
                    stream.readSomeInto(target).await();
                    yield ReadOutcome.gave(content(target));
                }
                case UNTIL_CLOSE -> ReadOutcome.gave(stream.readUntilClose(count).await());
            };
        } catch (UnsatisfiableReadException e) {
            return ReadOutcome.tooMuch();
        } catch (StreamClosedException e) {
            return ReadOutcome.ended(content(target));
        }
    }

    private static String content(ByteBuffer target) {
        return StandardCharsets.ISO_8859_1.decode(target.duplicate().flip()).toString();
    }
}
