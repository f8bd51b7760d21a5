package dev.gyre.loop;

import java.time.Duration;
import java.util.Locale;

/// Durations in words, for people: `262 ms`, `1.5 s`, `3 min`.
final class Durations {

    private static final Duration MINUTES_FROM = Duration.ofMinutes(2);
    private static final Duration HOURS_FROM = Duration.ofHours(2);

    private Durations() {}

    static String text(Duration duration) {
        if (duration.compareTo(HOURS_FROM) >= 0) {
            return duration.toHours() + " h";
        }
        if (duration.compareTo(MINUTES_FROM) >= 0) {
            return duration.toMinutes() + " min";
        }
        double millis = duration.toNanos() / 1e6;
        String text =
                millis >= 1000
                        ? String.format(Locale.ROOT, "%.3f s", millis / 1000)
                        : String.format(Locale.ROOT, "%.3f ms", millis);
        return text.replaceFirst("\\.?0+ ", " ");
    }
}
