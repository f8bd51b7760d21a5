package dev.gyre.bench.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Which core the server has for itself, and which the load generator.
///
/// @param isPossible whether this system can tie a process to a core, and has two
record Pinning(boolean isPossible) {

    private static final int LOAD_CORE = 0;
    private static final int SERVER_CORE = 1;

    /// Returns what this system can do.
    static Pinning ofThisSystem() {
        return new Pinning(
                Runtime.getRuntime().availableProcessors() >= 2 && Tools.isInstalled("taskset"));
    }

    /// Ties this process, all of its threads and the threads to come, to the core of the load.
    void pinLoad() throws IOException {
        if (isPossible) {
            String pid = Long.toString(ProcessHandle.current().pid());
            Tools.run("taskset", "-acp", Integer.toString(LOAD_CORE), pid);
        }
    }

    /// Returns the command that runs `command` on the core of the server.
    List<String> forServer(List<String> command) {
        List<String> pinned = new ArrayList<>();
        if (isPossible) {
            pinned.addAll(List.of("taskset", "-c", Integer.toString(SERVER_CORE)));
        }
        pinned.addAll(command);
        return pinned;
    }

    @Override
    public String toString() {
        return isPossible
                ? "server on core %d, load on core %d".formatted(SERVER_CORE, LOAD_CORE)
                : "not pinned to cores";
    }
}
