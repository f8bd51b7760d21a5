package dev.gyre.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// What `./gyre doctor` says about a machine.
///
/// @param findings what the machine has, a line each
/// @param problems what is wrong with it and what to do, a line each
/// @param hints what works and could be better, and what to do, a line each
record Diagnosis(List<String> findings, List<String> problems, List<String> hints) {

    private static final int JAVA_FEATURE_MIN = 25;

    /// How many files a server must be able to open: ten thousand connections, and the JVM's own.
    private static final long FILES_MIN = 10_200;

    private static final int MEBIBYTE = 1 << 20;

    /// Judges a machine.
    static Diagnosis of(Machine machine) {
        List<String> problems = new ArrayList<>();
        List<String> hints = new ArrayList<>();
        String poller = poller(machine.poller(), problems);
        judgeJava(machine, problems);
        judgeCoroutines(machine.mechanism(), problems, hints);
        judgeFiles(machine, problems);
        return new Diagnosis(
                List.of(
                        finding(
                                "JDK",
                                "%s by %s, in %s"
                                        .formatted(
                                                machine.javaVersion(),
                                                machine.javaVendor(),
                                                machine.javaHome())),
                        finding("system", machine.system()),
                        finding("poller", poller),
                        finding("coroutines", machine.mechanism().explanation()),
                        finding("open files", files(machine)),
                        finding("processors", Integer.toString(machine.processors())),
                        finding("heap", "at most " + mebibytes(machine.heapBytesMax()))),
                List.copyOf(problems),
                List.copyOf(hints));
    }

    boolean isHealthy() {
        return problems.isEmpty();
    }

    /// Returns the whole report.
    List<String> lines() {
        List<String> lines = new ArrayList<>(findings);
        problems.forEach(problem -> lines.add("Wrong: " + problem));
        hints.forEach(hint -> lines.add("Could be better: " + hint));
        if (isHealthy()) {
            lines.add(hints.isEmpty() ? "All is well." : "Nothing is wrong.");
        }
        return lines;
    }

    private static String finding(String what, String value) {
        return String.format(Locale.ROOT, "%-12s%s", what, value);
    }

    private static void judgeJava(Machine machine, List<String> problems) {
        if (machine.javaFeature() < JAVA_FEATURE_MIN) {
            problems.add(
                    "Gyre needs JDK %d or newer; install one, or let JAVA_HOME name it."
                            .formatted(JAVA_FEATURE_MIN));
        }
    }

    private static String poller(String name, List<String> problems) {
        // The JDK's classes are sun.nio.ch.EPollSelectorImpl and so on.
        if (name.contains(".EPoll")) {
            return "epoll";
        }
        if (name.contains(".KQueue")) {
            return "kqueue";
        }
        if (name.contains(".WEPoll")) {
            return "wepoll";
        }
        if (name.startsWith("failed")) {
            problems.add("The poller cannot be opened, so no loop can run.");
        } else {
            problems.add(
                    "The poller is none of epoll, kqueue and wepoll, so many connections will be"
                            + " slow; is the property java.nio.channels.spi.SelectorProvider set?");
        }
        return name;
    }

    /// Judges how coroutines run. The baton is no problem: everything works under it, and some
    /// programs need no more.
    private static void judgeCoroutines(
            Mechanism mechanism, List<String> problems, List<String> hints) {
        switch (mechanism.kind()) {
            case CARRIER -> {
                // The carrier needs no advice.
            }
            case BATON ->
                    hints.add(
                            "Coroutines are slower than they could be, and one that blocks in a JDK"
                                    + " call holds up its loop; "
                                    + mechanism.cure()
                                    + ".");
            case NONE -> problems.add("Coroutines do not work; " + mechanism.cure() + ".");
        }
    }

    private static String files(Machine machine) {
        if (machine.filesSoftMax().isEmpty()) {
            return "no limit known";
        }
        long softMax = machine.filesSoftMax().getAsLong();
        OptionalLong hardMax = machine.filesHardMax();
        return "at most "
                + grouped(softMax)
                + (hardMax.isPresent() ? ", hard limit " + grouped(hardMax.getAsLong()) : "");
    }

    private static void judgeFiles(Machine machine, List<String> problems) {
        if (machine.filesSoftMax().orElse(FILES_MIN) >= FILES_MIN) {
            return;
        }
        // The JVM raises its soft limit to the hard one, so it is usually the hard one that is low.
        boolean mayRaise = machine.filesHardMax().orElse(0) >= FILES_MIN;
        String remedy =
                mayRaise
                        ? "run `ulimit -n %d` before.".formatted(FILES_MIN)
                        : "have the hard limit raised (limits.conf, LimitNOFILE=, `ulimit -Hn`).";
        problems.add(
                "At most %s files may be open, too few for 10,000 connections; "
                                .formatted(grouped(machine.filesSoftMax().getAsLong()))
                        + remedy);
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String mebibytes(long bytes) {
        return grouped(bytes / MEBIBYTE) + " MiB";
    }
}
