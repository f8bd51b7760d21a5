package dev.gyre.bench.soak;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// The marks of an axis of time, at round numbers of seconds, minutes or hours.
final class TimeMarks {

    private static final int MARKS_MAX = 7;

    /// What is round, in seconds: up to a day.
    private static final int[] STEPS = {
        1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 86_400
    };

    private TimeMarks() {}

    /// Returns the marks from 0 up to a time: the words for each, by its second.
    static Map<Integer, String> upTo(double seconds) {
        int step =
                Arrays.stream(STEPS)
                        .filter(each -> seconds / each < MARKS_MAX)
                        .findFirst()
                        .orElse(STEPS[STEPS.length - 1]);
        Map<Integer, String> marks = new TreeMap<>();
        for (int second = 0; second <= seconds; second += step) {
            marks.put(second, words(second, step));
        }
        return marks;
    }

    private static String words(int second, int step) {
        if (step < 60) {
            return second + " s";
        }
        return step < 3600 ? second / 60 + " min" : second / 3600 + " h";
    }
}
