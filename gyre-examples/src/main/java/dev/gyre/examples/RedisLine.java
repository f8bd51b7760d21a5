package dev.gyre.examples;

import dev.gyre.examples.RedisProtocol.ProtocolException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// A request as a person types it: words between blanks. What is in quotes is one word, blanks and
/// all. In double quotes a backslash gives a character its other meaning, as in `\n` and `\x41`; in
/// single quotes it does so with a single quote alone.
final class RedisLine {

    private static final String BLANKS = " \t\n\u000b\f\r";

    private final String line;

    /// Where in the line the next character is.
    private int next;

    private RedisLine(String line) {
        this.line = line;
    }

    /// Returns the words of a line.
    ///
    /// @throws ProtocolException if a quote has no end, or more of the word follows it
    static List<String> words(String line) {
        return new RedisLine(line).words();
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        skipBlanks();
        while (next < line.length()) {
            words.add(word());
            skipBlanks();
        }
        return words;
    }

    private void skipBlanks() {
        while (next < line.length() && isAtBlank()) {
            next++;
        }
    }

    private boolean isAtBlank() {
        return BLANKS.indexOf(line.charAt(next)) >= 0;
    }

    /// Reads a word. A quote may begin within the word, and where the quote ends, so does the word.
    private String word() {
        StringBuilder word = new StringBuilder();
        while (next < line.length() && !isAtBlank()) {
            char character = line.charAt(next++);
            if (character == '"' || character == '\'') {
                quoted(word, character);
                return word.toString();
            }
            word.append(character);
        }
        return word.toString();
    }

    private void quoted(StringBuilder word, char quote) {
        char character = take();
        while (character != quote) {
            boolean isEscape = character == '\\' && (quote == '"' || line.startsWith("'", next));
            word.append(isEscape ? escaped() : character);
            character = take();
        }
        if (next < line.length() && !isAtBlank()) {
            throw unbalanced();
        }
    }

    private char escaped() {
        char character = take();
        return switch (character) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> '\u0007';
            case 'x' -> isAtHexByte() ? hexByte() : character;
            default -> character;
        };
    }

    private boolean isAtHexByte() {
        return next + 2 <= line.length()
                && HexFormat.isHexDigit(line.charAt(next))
                && HexFormat.isHexDigit(line.charAt(next + 1));
    }

    private char hexByte() {
        next += 2;
        return (char) HexFormat.fromHexDigits(line, next - 2, next);
    }

    private char take() {
        if (next == line.length()) {
            throw unbalanced();
        }
        return line.charAt(next++);
    }

    private static ProtocolException unbalanced() {
        return new ProtocolException("unbalanced quotes in request");
    }
}
