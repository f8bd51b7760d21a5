package dev.gyre.bench.soak;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A line of the chat: who said it, and as its how many-eth. All its text follows from that, so
/// that a line which is cut, mixed up or made up is known.
///
/// @param author the number of the author
/// @param number how many lines the author has said before
record Line(int author, int number) {

    /// Most lines are as short as what people say, and some are longer than a packet.
    private static final int FILLING_MIN = 10;

    private static final int FILLING_SPREAD = 120;
    private static final int LONG_FILLING = 2000;
    private static final int LONG_LINE_EACH = 50;

    private static final String FILLING =
            "abcdefghijklmnopqrstuvwxyz".repeat(LONG_FILLING / 26 + 1);

    private static final Pattern HEAD = Pattern.compile("(\\d{1,9}):(\\d{1,9}) .*");

    /// Returns the text, without the end of the line.
    String text() {
        int draw = ((author * 31 + number) * 0x9E3779B9) >>> 8;
        int size = draw % LONG_LINE_EACH == 0 ? LONG_FILLING : FILLING_MIN + draw % FILLING_SPREAD;
        return author + ":" + number + " " + FILLING.substring(0, size);
    }

    /// Returns how many bytes the line is on the wire, its end included.
    int size() {
        return text().length() + 1;
    }

    /// Returns the line with this text, or null if no line has it.
    static @Nullable Line parse(String text) {
        Matcher head = HEAD.matcher(text);
        if (!head.matches()) {
            return null;
        }
        Line line = new Line(Integer.parseInt(head.group(1)), Integer.parseInt(head.group(2)));
        return line.text().equals(text) ? line : null;
    }

    @Override
    public String toString() {
        return author + ":" + number;
    }
}
