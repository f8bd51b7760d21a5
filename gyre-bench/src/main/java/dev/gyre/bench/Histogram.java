package dev.gyre.bench;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/// What is alive in the heap: bytes, by class. Taking one collects garbage first.
record Histogram(Map<String, Long> bytes) {

    private static final Pattern LINE =
            Pattern.compile("^ *\\d+: +\\d+ +(\\d+) +(\\S+)", Pattern.MULTILINE);

    static Histogram take() {
        Object[] noArguments = {new String[0]};
        String[] signature = {String[].class.getName()};
        try {
            Object text =
                    ManagementFactory.getPlatformMBeanServer()
                            .invoke(
                                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                    "gcClassHistogram",
                                    noArguments,
                                    signature);
            return parse(text.toString());
        } catch (JMException e) {
            throw new IllegalStateException("no histogram of the heap", e);
        }
    }

    private static Histogram parse(String text) {
        Map<String, Long> bytes = new HashMap<>();
        Matcher line = LINE.matcher(text);
        while (line.find()) {
            bytes.merge(line.group(2), Long.valueOf(line.group(1)), Long::sum);
        }
        return new Histogram(bytes);
    }

    /// Returns what has been added since `before`, divided by `count`, rounded; without what rounds
    /// to nothing.
    Map<String, Long> since(Histogram before, int count) {
        Map<String, Long> added = new HashMap<>();
        bytes.forEach((type, now) -> {
            long more = now - before.bytes.getOrDefault(type, 0L);
            long each = Math.round((double) more / count);
            if (each != 0) {
                added.put(type, each);
            }
        });
        return added;
    }
}
