package dev.gyre.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A way to run the JVM: which mechanism of coroutines, which collector.
record JvmKind(Mechanism mechanism, Collector collector) {

    /// Opens what the carrier needs. The manifest does that for the first JVM only, not for the
    /// ones it forks.
    private static final String OPENS = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    enum Mechanism {
        CARRIER,
        BATON
    }

    enum Collector {
        SERIAL("-XX:+UseSerialGC"),
        G1("-XX:+UseG1GC");

        private final String flag;

        Collector(String flag) {
            this.flag = flag;
        }
    }

    List<String> jvmArgs() {
        return List.of(
                OPENS,
                "-Ddev.gyre.coroutines=" + lower(mechanism),
                collector.flag,
                // jol and JMH use it; the warning would be in each result.
                "--sun-misc-unsafe-memory-access=allow");
    }

    /// Takes the words `carrier`, `baton`, `serial` and `g1` out of the arguments, and returns the
    /// machines that they choose. What they do not mention is not narrowed down.
    static List<JvmKind> takeFrom(List<String> arguments) {
        List<Mechanism> mechanisms = take(arguments, Mechanism.values());
        List<Collector> collectors = take(arguments, Collector.values());
        List<JvmKind> machines = new ArrayList<>();
        for (Mechanism mechanism : mechanisms) {
            for (Collector collector : collectors) {
                machines.add(new JvmKind(mechanism, collector));
            }
        }
        return machines;
    }

    private static <E extends Enum<E>> List<E> take(List<String> arguments, E[] all) {
        List<E> chosen = new ArrayList<>();
        for (E each : all) {
            if (arguments.remove(lower(each))) {
                chosen.add(each);
            }
        }
        return chosen.isEmpty() ? List.of(all) : chosen;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return lower(mechanism) + " " + lower(collector);
    }
}
