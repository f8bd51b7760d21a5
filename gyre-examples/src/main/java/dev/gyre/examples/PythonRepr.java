package dev.gyre.examples;

/// Bytes as Python 2 shows a string in source form: one line of printable ASCII, whatever they are.
final class PythonRepr {

    private static final char[] HEX_DIGITS = "0123456789abcdef".toCharArray();

    private PythonRepr() {}

    /// Returns the bytes in single quotes, or in double quotes if they contain single ones and no
    /// double ones.
    static String of(byte[] bytes) {
        char quote = contains(bytes, '\'') && !contains(bytes, '"') ? '"' : '\'';
        StringBuilder text = new StringBuilder(bytes.length + 2).append(quote);
        for (byte each : bytes) {
            if (each == quote) {
                text.append('\\');
            }
            append(text, each);
        }
        return text.append(quote).toString();
    }

    /// Returns the bytes without quotes around them, and with the quotes among them as they are.
    /// This form stands where Python printed the bytes themselves, which may be many lines or a
    /// terminal's control sequences; of printable text only the backslash differs.
    static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte each : bytes) {
            append(text, each);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, byte each) {
        switch (each) {
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            case '\\' -> text.append("\\\\");
            default -> {
                if (each >= ' ' && each <= '~') {
                    text.append((char) each);
                } else {
                    text.append("\\x")
                            .append(HEX_DIGITS[(each >> 4) & 0xf])
                            .append(HEX_DIGITS[each & 0xf]);
                }
            }
        }
    }

    private static boolean contains(byte[] bytes, char wanted) {
        for (byte each : bytes) {
            if (each == wanted) {
                return true;
            }
        }
        return false;
    }
}
