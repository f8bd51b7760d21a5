package dev.gyre.verify.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The model: reads a text that is there as a whole.
final class PlainReader {

    /// The text that is not read yet.
    private String rest;

    PlainReader(byte[] input) {
        rest = new String(input, StandardCharsets.ISO_8859_1);
    }

    /// Returns whether `read` may have ended like this, and goes on behind what it took.
    boolean expects(FuzzedRead read, ReadOutcome outcome) {
        int count = read.count();
        return switch (read.verb()) {
            case UNTIL -> upTo(end(rest.indexOf(read.delimiter()), read), count, outcome);
            case REGEX -> upTo(match(read), count, outcome);
            case LINE -> line(count, outcome);
            case BYTES -> exactly(count, outcome) && take(outcome.bytes());
            case PEEK -> exactly(count, outcome);
            case SOME, SOME_INTO -> some(count, outcome);
            case INTO -> (exactly(count, outcome) || partly(outcome)) && take(outcome.bytes());
            case UNTIL_CLOSE -> all(count, outcome);
        };
    }

    private static int end(int start, FuzzedRead read) {
        return start < 0 ? -1 : start + read.delimiter().length();
    }

    /// With one byte more than the read may take, as a match that is too long for it shows.
    private int match(FuzzedRead read) {
        String view = rest.substring(0, Math.min(rest.length(), read.count() + 1));
        Matcher matcher = Pattern.compile(read.delimiter()).matcher(view);
        return matcher.find() ? matcher.end() : -1;
    }

    private boolean upTo(int end, int limit, ReadOutcome outcome) {
        if (end >= 0 && end <= limit) {
            return outcome.equals(ReadOutcome.gave(rest.substring(0, end)))
                    && take(outcome.bytes());
        }
        return none(end, limit, outcome);
    }

    /// Too much came, with the delimiter or without; or too little.
    private boolean none(int end, int limit, ReadOutcome outcome) {
        boolean isMore = end > 0 || rest.length() > limit;
        return isMore ? isTooMuch(outcome) : hasEnded(outcome);
    }

    private boolean line(int limit, ReadOutcome outcome) {
        int end = rest.indexOf('\n') + 1;
        if (end == 0 || end > limit) {
            return none(end, limit, outcome);
        }
        String line = rest.substring(0, end - 1);
        String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        return outcome.equals(ReadOutcome.gave(text)) && take(rest.substring(0, end));
    }

    private boolean exactly(int count, ReadOutcome outcome) {
        return rest.length() >= count
                ? outcome.equals(ReadOutcome.gave(rest.substring(0, count)))
                : hasEnded(outcome) && outcome.bytes().isEmpty();
    }

    /// A buffer that was not filled has what came.
    private boolean partly(ReadOutcome outcome) {
        return hasEnded(outcome) && outcome.bytes().equals(rest);
    }

    /// At least something, unless nothing is left or wanted; how much depends on the pieces.
    private boolean some(int limit, ReadOutcome outcome) {
        String bytes = outcome.bytes();
        return outcome.kind() == ReadOutcome.Kind.GAVE
                && bytes.length() <= limit
                && bytes.isEmpty() == (rest.isEmpty() || limit == 0)
                && take(bytes);
    }

    private boolean all(int limit, ReadOutcome outcome) {
        return rest.length() <= limit
                ? outcome.equals(ReadOutcome.gave(rest)) && take(rest)
                : isTooMuch(outcome);
    }

    private static boolean isTooMuch(ReadOutcome outcome) {
        return outcome.kind() == ReadOutcome.Kind.TOO_MUCH;
    }

    private static boolean hasEnded(ReadOutcome outcome) {
        return outcome.kind() == ReadOutcome.Kind.ENDED;
    }

    private boolean take(String bytes) {
        boolean isNext = rest.startsWith(bytes);
        rest = rest.substring(Math.min(bytes.length(), rest.length()));
        return isNext;
    }

    @Override
    public String toString() {
        return "\"" + rest.replace("\r", "\\r").replace("\n", "\\n") + "\"";
    }
}
