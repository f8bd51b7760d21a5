package dev.gyre.verify.fuzz;

import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A read that may be asked of a stream, and what it must give by a look at all that comes.
///
/// Text stands for bytes, as Latin-1.
sealed interface Reading {

    /// What becomes of a read.
    ///
    /// @param kind how it ends, if it does
    /// @param gives what it gives; empty unless it gives something
    /// @param taken how many bytes are gone from the stream then
    record Outcome(Kind kind, String gives, int taken) {

        static final Outcome WAITS = new Outcome(Kind.WAITS, "", 0);
        static final Outcome UNSATISFIABLE = new Outcome(Kind.UNSATISFIABLE, "", 0);
        static final Outcome CUT_SHORT = new Outcome(Kind.CUT_SHORT, "", 0);

        static Outcome taking(String front) {
            return new Outcome(Kind.GIVES, front, front.length());
        }
    }

    /// How a read ends.
    enum Kind {
        WAITS,
        GIVES,
        UNSATISFIABLE,
        CUT_SHORT
    }

    /// Asks for it.
    LoopFuture<String> of(IOStream stream);

    /// Returns what must become of it, if `all` has come that was not read yet.
    ///
    /// @param ended whether no more will come
    Outcome outcome(String all, boolean ended);

    /// Returns whether it may give less than the outcome says, since it takes what there is.
    default boolean isPartial() {
        return false;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static Outcome waitsOrIsCut(boolean ended) {
        return ended ? Outcome.CUT_SHORT : Outcome.WAITS;
    }

    /// A frame that ends at `end`, or -1.
    private static Outcome framed(String all, int end, int limit, boolean ended) {
        if (end >= 0 && end <= limit) {
            return Outcome.taking(all.substring(0, end));
        }
        return end > limit || all.length() > limit ? Outcome.UNSATISFIABLE : waitsOrIsCut(ended);
    }

    /// Up to a delimiter.
    record Until(String delimiter, int limit) implements Reading {

        @Override
        public LoopFuture<String> of(IOStream stream) {
            byte[] bytes = delimiter.getBytes(StandardCharsets.ISO_8859_1);
            return stream.readUntil(bytes, limit).map(Reading::text);
        }

        @Override
        public Outcome outcome(String all, boolean ended) {
            int start = all.indexOf(delimiter);
            int end = start < 0 ? -1 : start + delimiter.length();
            return framed(all, end, limit, ended);
        }
    }

    /// Up to a match of a pattern that matches the same in whatever pieces the bytes come.
    record Match(Pattern pattern, int limit) implements Reading {

        @Override
        public LoopFuture<String> of(IOStream stream) {
            return stream.readUntilRegex(pattern, limit).map(Reading::text);
        }

        @Override
        public Outcome outcome(String all, boolean ended) {
            Matcher matcher = pattern.matcher(all);
            return framed(all, matcher.find() ? matcher.end() : -1, limit, ended);
        }
    }

    /// A line of UTF-8.
    record Line(int limit) implements Reading {

        @Override
        public LoopFuture<String> of(IOStream stream) {
            return stream.readLine(limit).map(line -> text(line.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public Outcome outcome(String all, boolean ended) {
            Outcome whole = framed(all, all.indexOf('\n') + 1, limit, ended);
            if (all.indexOf('\n') < 0) {
                return framed(all, -1, limit, ended);
            }
            if (whole.kind() != Kind.GIVES) {
                return whole;
            }
            String line = whole.gives().substring(0, whole.taken() - 1);
            line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            return isText(line)
                    ? new Outcome(Kind.GIVES, line, whole.taken())
                    : Outcome.UNSATISFIABLE;
        }

        private static boolean isText(String line) {
            byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
                return true;
            } catch (CharacterCodingException e) {
                return false;
            }
        }
    }

    /// So many bytes.
    record Exactly(int count) implements Reading {

        @Override
        public LoopFuture<String> of(IOStream stream) {
            return stream.readBytes(count).map(Reading::text);
        }

        @Override
        public Outcome outcome(String all, boolean ended) {
            return all.length() < count
                    ? waitsOrIsCut(ended)
                    : Outcome.taking(all.substring(0, count));
        }
    }

    /// So many bytes, which stay.
    record Peek(int count) implements Reading {

        @Override
        public LoopFuture<String> of(IOStream stream) {
            return stream.peek(count).map(Reading::text);
        }

        @Override
        public Outcome outcome(String all, boolean ended) {
            return all.length() < count
                    ? waitsOrIsCut(ended)
                    : new Outcome(Kind.GIVES, all.substring(0, count), 0);
        }
    }

    /// What there is.
    record Some(int countMax) implements Reading {

        @Override
        public LoopFuture<String> of(IOStream stream) {
            return stream.readSome(countMax).map(Reading::text);
        }

        @Override
        public Outcome outcome(String all, boolean ended) {
            return someOf(all, countMax, ended);
        }

        @Override
        public boolean isPartial() {
            return true;
        }
    }

    /// What there is, into a buffer.
    record SomeInto(ByteBuffer target) implements Reading {

        @Override
        public LoopFuture<String> of(IOStream stream) {
            return stream.readSomeInto(target).map(count -> filled(target));
        }

        @Override
        public Outcome outcome(String all, boolean ended) {
            return someOf(all, target.capacity(), ended);
        }

        @Override
        public boolean isPartial() {
            return true;
        }
    }

    /// Returns what was put into a buffer.
    static String filled(ByteBuffer target) {
        return StandardCharsets.ISO_8859_1.decode(target.duplicate().flip()).toString();
    }

    private static Outcome someOf(String all, int countMax, boolean ended) {
        if (all.isEmpty() && countMax > 0 && !ended) {
            return Outcome.WAITS;
        }
        return Outcome.taking(all.substring(0, Math.min(all.length(), countMax)));
    }

    /// Fills a buffer. At the end of input, what had come is in it.
    record Fill(ByteBuffer target) implements Reading {

        @Override
        public LoopFuture<String> of(IOStream stream) {
            return stream.readInto(target).map(count -> filled(target));
        }

        @Override
        public Outcome outcome(String all, boolean ended) {
            if (all.length() >= target.capacity()) {
                return Outcome.taking(all.substring(0, target.capacity()));
            }
            return ended ? new Outcome(Kind.CUT_SHORT, "", all.length()) : Outcome.WAITS;
        }
    }

    /// All up to the end.
    record UntilClose(int limit) implements Reading {

        @Override
        public LoopFuture<String> of(IOStream stream) {
            return stream.readUntilClose(limit).map(Reading::text);
        }

        @Override
        public Outcome outcome(String all, boolean ended) {
            if (all.length() > limit) {
                return Outcome.UNSATISFIABLE;
            }
            return ended ? Outcome.taking(all) : Outcome.WAITS;
        }
    }
}
