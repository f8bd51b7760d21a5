package dev.gyre.stream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What an outstanding read is waiting for. Its [Object#toString] completes "has come of …".
///
/// @param <T> the type of what the read gives
sealed interface ReadGoal<T> {

    /// What [#progress] returns while more bytes are needed.
    int MORE = -1;

    /// Looks at what has come, and returns where the satisfying prefix of `buffered` ends, or
    /// [#MORE].
    ///
    /// @throws UnsatisfiableReadException if no more bytes can help
    int progress(ByteQueue buffered);

    /// Removes the prefix that ends at `end` and returns what the read gives.
    T take(ByteQueue buffered, int end);

    /// Returns whether this way of ending is an answer too, for a read that is not satisfied.
    default boolean isAnsweredBy(IOException inputEnd) {
        return false;
    }

    /// Returns what the read gives if it ends in that way.
    default T answerAtEnd(ByteQueue buffered) {
        return take(buffered, buffered.size());
    }

    /// Returns where what comes next is wanted, for a read whose [#progress] moves it there; else
    /// null.
    default @Nullable ByteBuffer target() {
        return null;
    }

    /// Puts back into `buffered` what [#progress] has removed, since the read is cancelled.
    default void cancel(ByteQueue buffered) {}

    /// Returns how many bytes have come for this read.
    default long seen(ByteQueue buffered) {
        return buffered.size();
    }

    private static int limited(int end, ByteQueue buffered, int limit, Object goal) {
        int seen = end < 0 ? buffered.size() : end;
        if (seen > limit) {
            throw new UnsatisfiableReadException(
                    "more than %d bytes came, the limit of a read of %s".formatted(limit, goal));
        }
        return end;
    }

    /// Everything up to a delimiter, which is part of it.
    record Until(Needle needle, int limit) implements ReadGoal<byte[]> {

        @Override
        public int progress(ByteQueue buffered) {
            return limited(buffered.findEnd(needle), buffered, limit, this);
        }

        @Override
        public byte[] take(ByteQueue buffered, int end) {
            return buffered.take(end);
        }

        @Override
        public String toString() {
            return "bytes up to " + needle;
        }
    }

    /// A line of text, without its end.
    record Line(int limit) implements ReadGoal<String> {

        private static final Needle NEWLINE = new Needle(new byte[] {'\n'});

        @Override
        public int progress(ByteQueue buffered) {
            int end = limited(buffered.findEnd(NEWLINE), buffered, limit, this);
            if (end >= 0) {
                checkText(buffered, length(buffered, end));
            }
            return end;
        }

        @Override
        public String take(ByteQueue buffered, int end) {
            int length = length(buffered, end);
            return new String(buffered.take(end), 0, length, StandardCharsets.UTF_8);
        }

        private static int length(ByteQueue buffered, int end) {
            boolean hasReturn = end >= 2 && buffered.get(end - 2) == '\r';
            return hasReturn ? end - 2 : end - 1;
        }

        /// Refuses what is no text before anything is removed.
        private static void checkText(ByteQueue buffered, int length) {
            if (buffered.isAscii(length)) {
                return;
            }
            ByteBuffer bytes = ByteBuffer.wrap(buffered.peek(length));
            try {
                StandardCharsets.UTF_8.newDecoder().decode(bytes);
            } catch (CharacterCodingException e) {
                throw new UnsatisfiableReadException(
                        "a line is not UTF-8, at its byte " + bytes.position(), e);
            }
        }

        @Override
        public String toString() {
            return "a line";
        }
    }

    /// Everything up to the end of the first match of a pattern over the bytes as Latin-1.
    record Match(Pattern pattern, int limit) implements ReadGoal<byte[]> {

        @Override
        public int progress(ByteQueue buffered) {
            if (buffered.isEmpty()) {
                return MORE;
            }
            // One byte more than the limit is searched, so that a match that is too long is found,
            // and refused as one.
            int view = (int) Math.min(buffered.size(), limit + 1L);
            Matcher matcher = pattern.matcher(latin1(buffered.peek(view)));
            int end = found(matcher) ? matcher.end() : MORE;
            return limited(end, buffered, limit, this);
        }

        private boolean found(Matcher matcher) {
            try {
                return matcher.find();
            } catch (StackOverflowError e) {
                throw new UnsatisfiableReadException(
                        "the pattern %s is too deep for what came".formatted(pattern), e);
            }
        }

        private static String latin1(byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        @Override
        public byte[] take(ByteQueue buffered, int end) {
            return buffered.take(end);
        }

        @Override
        public String toString() {
            return "bytes up to a match of " + pattern;
        }
    }

    /// So many bytes.
    record Exactly(int count) implements ReadGoal<byte[]> {

        @Override
        public int progress(ByteQueue buffered) {
            return buffered.size() >= count ? count : MORE;
        }

        @Override
        public byte[] take(ByteQueue buffered, int end) {
            return buffered.take(end);
        }

        @Override
        public String toString() {
            return count + " bytes";
        }
    }

    /// So many bytes, which stay in the stream.
    record Peek(int count) implements ReadGoal<byte[]> {

        @Override
        public int progress(ByteQueue buffered) {
            return buffered.size() >= count ? count : MORE;
        }

        @Override
        public byte[] take(ByteQueue buffered, int end) {
            return buffered.peek(end);
        }

        @Override
        public String toString() {
            return count + " bytes to peek at";
        }
    }

    /// What there is, or nothing at the end of input.
    record AtMost(int count) implements ReadGoal<byte[]> {

        @Override
        public int progress(ByteQueue buffered) {
            return buffered.isEmpty() && count > 0 ? MORE : Math.min(buffered.size(), count);
        }

        @Override
        public byte[] take(ByteQueue buffered, int end) {
            return buffered.take(end);
        }

        @Override
        public boolean isAnsweredBy(IOException inputEnd) {
            return inputEnd instanceof EOFException;
        }

        @Override
        public String toString() {
            return "at most " + count + " bytes";
        }
    }

    /// All there will ever be.
    record UntilClose(int limit) implements ReadGoal<byte[]> {

        @Override
        public int progress(ByteQueue buffered) {
            return limited(MORE, buffered, limit, this);
        }

        @Override
        public byte[] take(ByteQueue buffered, int end) {
            return buffered.take(end);
        }

        @Override
        public boolean isAnsweredBy(IOException inputEnd) {
            return inputEnd instanceof EOFException || inputEnd instanceof ClosedChannelException;
        }

        @Override
        public String toString() {
            return "all bytes up to the end";
        }
    }

    /// As much as a buffer of the user's has room for. The bytes go there as they come.
    record Fill(ByteBuffer target, int start) implements ReadGoal<Integer> {

        Fill(ByteBuffer target) {
            this(target, target.position());
        }

        @Override
        public int progress(ByteQueue buffered) {
            buffered.take(target);
            return target.hasRemaining() ? MORE : 0;
        }

        @Override
        public Integer take(ByteQueue buffered, int end) {
            return target.position() - start;
        }

        @Override
        public void cancel(ByteQueue buffered) {
            // The queue is empty: the target had room for all.
            buffered.append(target.duplicate().flip().position(start));
            target.position(start);
        }

        @Override
        public long seen(ByteQueue buffered) {
            return (long) target.position() - start;
        }

        @Override
        public String toString() {
            return (target.limit() - start) + " bytes into a buffer";
        }
    }

    /// What there is, into a buffer of the user's, or -1 at the end of input.
    record FillSome(ByteBuffer target, int start) implements ReadGoal<Integer> {

        FillSome(ByteBuffer target) {
            this(target, target.position());
        }

        @Override
        public int progress(ByteQueue buffered) {
            buffered.take(target);
            return target.position() == start && target.hasRemaining() ? MORE : 0;
        }

        @Override
        public Integer take(ByteQueue buffered, int end) {
            return target.position() - start;
        }

        @Override
        public boolean isAnsweredBy(IOException inputEnd) {
            return inputEnd instanceof EOFException;
        }

        @Override
        public Integer answerAtEnd(ByteQueue buffered) {
            return -1;
        }

        @Override
        public String toString() {
            return "at most " + (target.limit() - start) + " bytes into a buffer";
        }
    }
}
