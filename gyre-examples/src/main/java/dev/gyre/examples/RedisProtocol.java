package dev.gyre.examples;

import dev.gyre.stream.IOStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The wire format of Redis (RESP 2): requests are arrays of byte strings, or lines of words. Byte
/// strings are kept as Latin-1 text, in which each character is one byte.
final class RedisProtocol {

    static final String NIL = "$-1\r\n";

    /// How many words a request has at most, and how many bytes each.
    private static final int WORDS_MAX = 1024 * 1024;

    private static final int WORD_BYTES_MAX = 1024 * 1024 - 2;

    /// How many bytes all words of a request have at most, so that no client alone fills the heap.
    private static final int REQUEST_BYTES_MAX = 16 * 1024 * 1024;

    private RedisProtocol() {}

    /// A request breaks the rules of the protocol, so that nobody knows where the next one begins.
    static final class ProtocolException extends RuntimeException {

        private static final long serialVersionUID = 1;

        ProtocolException(String message) {
            super(message);
        }
    }

    /// Reads the next request.
    ///
    /// @return the words of the request; none for an empty line
    /// @throws ProtocolException if the request breaks the rules
    static List<String> readRequest(IOStream stream) {
        String line = readLine(stream);
        if (!line.startsWith("*")) {
            return RedisLine.words(line);
        }
        int count = number(line, WORDS_MAX, "invalid multibulk length");
        List<String> words = new ArrayList<>();
        int bytesLeft = REQUEST_BYTES_MAX;
        for (int i = 0; i < count; i++) {
            String word = readWord(stream, bytesLeft);
            bytesLeft -= word.length();
            words.add(word);
        }
        return words;
    }

    /// @param bytesLeft how many bytes the request may have from here
    private static String readWord(IOStream stream, int bytesLeft) {
        String line = readLine(stream);
        if (!line.startsWith("$")) {
            throw new ProtocolException("expected '$', got '" + firstCharacter(line) + "'");
        }
        int length = number(line, WORD_BYTES_MAX, "invalid bulk length");
        if (length < 0) {
            throw new ProtocolException("invalid bulk length");
        }
        if (length > bytesLeft) {
            throw new ProtocolException("too big multibulk request");
        }
        byte[] bytes = stream.readBytes(length + 2).await();
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static String firstCharacter(String line) {
        return line.isEmpty() ? "" : line.substring(0, 1);
    }

    private static String readLine(IOStream stream) {
        byte[] line = stream.readUntil("\n").await();
        int end = line.length - 1;
        if (end > 0 && line[end - 1] == '\r') {
            end--;
        }
        return new String(line, 0, end, StandardCharsets.ISO_8859_1);
    }

    private static int number(String line, int max, String complaint) {
        try {
            int number = Integer.parseInt(line.substring(1));
            if (number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The mistake is told below, in the same words as a number that is too large.
        }
        throw new ProtocolException(complaint);
    }

    /// Returns a reply as it goes over the wire.
    static byte[] bytes(String reply) {
        return reply.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String simple(String text) {
        return "+" + text + "\r\n";
    }

    /// Returns an error. What it quotes of the request must not break its line.
    static String error(String text) {
        return "-" + text.replace('\r', ' ').replace('\n', ' ') + "\r\n";
    }

    static String integer(long number) {
        return ":" + number + "\r\n";
    }

    static String bulk(@Nullable String text) {
        return text == null ? NIL : "$" + text.length() + "\r\n" + text + "\r\n";
    }

    static String array(List<String> texts) {
        StringBuilder reply = new StringBuilder("*").append(texts.size()).append("\r\n");
        texts.forEach(text -> reply.append(bulk(text)));
        return reply.toString();
    }
}
