package dev.gyre.verify.fuzz;

import java.nio.charset.StandardCharsets;

/// How a read ended.
///
/// @param kind whether it gave bytes, or why not
/// @param bytes what it gave; of a buffer that was not filled, what is in it
record ReadOutcome(Kind kind, String bytes) {

    enum Kind {
        GAVE,
        /// More bytes had come than the read may take.
        TOO_MUCH,
        /// The input ended before.
        ENDED
    }

    static ReadOutcome gave(byte[] bytes) {
        return gave(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    static ReadOutcome gave(String text) {
        return new ReadOutcome(Kind.GAVE, text);
    }

    static ReadOutcome ended(String partly) {
        return new ReadOutcome(Kind.ENDED, partly);
    }

    static ReadOutcome tooMuch() {
        return new ReadOutcome(Kind.TOO_MUCH, "");
    }
}
