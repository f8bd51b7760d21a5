package dev.gyre.bench.soak;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What went wrong: how often, and the first few in words.
final class Findings {

    /// More words than these tell nobody more.
    private static final int WORDS_MAX = 20;

    /// What can go wrong.
    enum Kind {
        LOST("lost"),
        DOUBLED("doubled"),
        GARBLED("garbled"),
        CUT_OFF("cut off without a reason"),
        UNHEARD("waited in vain"),
        LOGGED("logged by the server");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final List<String> words = new ArrayList<>();

    void add(Kind kind, long count, String what) {
        counts.merge(kind, count, Long::sum);
        if (words.size() < WORDS_MAX) {
            words.add(kind.words + ": " + what);
        }
    }

    void add(Kind kind, String what) {
        add(kind, 1, what);
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /// Returns the first findings in words, the earliest first.
    List<String> words() {
        return List.copyOf(words);
    }

    /// Returns in one line whether anything went wrong yet, and what last.
    String latest() {
        return isEmpty() ? "all well" : "%s (%s)".formatted(this, words.getLast());
    }

    /// Returns the count of each kind in one line, as in `lost 0, doubled 0`.
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            parts.add(kind.words + " " + count(kind));
        }
        return String.join(", ", parts);
    }
}
