package dev.gyre.bench.soak;

/// What can be planted, so that somebody sees it found.
enum Defect {
    NONE,

    /// The proxy keeps a line back.
    LOSE,

    /// The proxy passes a line on twice.
    DOUBLE,

    /// Some clients never leave.
    LEAK;

    /// Returns how often the proxy passes a line on that the defect befalls.
    int copies() {
        return switch (this) {
            case LOSE -> 0;
            case DOUBLE -> 2;
            case NONE, LEAK -> 1;
        };
    }
}
