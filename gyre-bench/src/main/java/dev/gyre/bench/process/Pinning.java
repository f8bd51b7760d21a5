package dev.gyre.bench.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Which core the server has for itself, and which the load generator.
///
/// @param cores that of the load generator and that of the server; empty if there are not two, or
///   this system cannot tie a process to one
record Pinning(List<Integer> cores) {

    static final Pinning NONE = new Pinning(List.of());

    private static final Pattern RANGE = Pattern.compile("(\\d+)(?:-(\\d+))?");

    /// Returns what this system can do: the first two cores that this process may use, which in a
    /// container are not always those numbered 0 and 1.
    static Pinning ofThisSystem() throws IOException {
        if (!Tools.isInstalled("taskset")) {
            return NONE;
        }
        List<Integer> allowed = allowed(Tools.run("taskset", "-cp", ownPid()));
        return allowed.size() < 2 ? NONE : new Pinning(allowed.subList(0, 2));
    }

    /// Returns the cores that `taskset` tells of, as in `pid 1's current affinity list: 0-2,8`;
    /// none if it tells something else.
    static List<Integer> allowed(String answer) {
        List<Integer> cores = new ArrayList<>();
        for (String range : answer.substring(answer.lastIndexOf(' ') + 1).strip().split(",", -1)) {
            Matcher ends = RANGE.matcher(range);
            if (!ends.matches()) {
                return List.of();
            }
            int first = Integer.parseInt(ends.group(1));
            int last = ends.group(2) == null ? first : Integer.parseInt(ends.group(2));
            IntStream.rangeClosed(first, last).forEach(cores::add);
        }
        return cores;
    }

    private static String ownPid() {
        return Long.toString(ProcessHandle.current().pid());
    }

    private boolean isPossible() {
        return !cores.isEmpty();
    }

    /// Ties this process, all of its threads and the threads to come, to the core of the load.
    void pinLoad() throws IOException {
        if (isPossible()) {
            Tools.run("taskset", "-acp", cores.getFirst().toString(), ownPid());
        }
    }

    /// Returns the command that runs `command` on the core of the server.
    List<String> forServer(List<String> command) {
        List<String> pinned = new ArrayList<>();
        if (isPossible()) {
            pinned.addAll(List.of("taskset", "-c", cores.getLast().toString()));
        }
        pinned.addAll(command);
        return pinned;
    }

    @Override
    public String toString() {
        if (isPossible()) {
            return "server on core %d, load on core %d"
                    .formatted(cores.getLast(), cores.getFirst());
        }
        return Runtime.getRuntime().availableProcessors() < 2
                ? "server and load on the same core, which makes no figures to keep"
                : "not pinned to cores";
    }
}
