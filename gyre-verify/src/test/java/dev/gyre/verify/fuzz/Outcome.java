package dev.gyre.verify.fuzz;

import java.nio.charset.StandardCharsets;

/// How a read ended.
///
/// @param kind whether it gave bytes, or why not
/// @param bytes what it gave; of a buffer that was not filled, what is in it
record Outcome(Kind kind, String bytes) {

    enum Kind {
        GAVE,
        /// More had come than the read may take.
        TOO_MUCH,
        /// The input ended before.
        ENDED
    }

    static Outcome gave(byte[] bytes) {
        return gave(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    static Outcome gave(String text) {
        return new Outcome(Kind.GAVE, text);
    }

    static Outcome ended(String partly) {
        return new Outcome(Kind.ENDED, partly);
    }

    static Outcome tooMuch() {
        return new Outcome(Kind.TOO_MUCH, "");
    }
}
