package dev.gyre.bench.process;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// The servers that this JVM has started, all of which end with it, however it is told to end. Any
/// thread.
final class Children {

    private static final Set<Process> LIVE = new HashSet<>();

    /// Whether the JVM will end them, once there are any.
    private static boolean hooked;

    /// Set when this JVM goes down: nothing that it starts then would be ended.
    private static boolean ending;

    private Children() {}

    /// Starts a process.
    ///
    /// @throws IOException if it cannot be started, or this JVM is going down
    static synchronized Process start(ProcessBuilder command) throws IOException {
        hook();
        if (ending) {
            throw new IOException("interrupted");
        }
        Process child = command.start();
        LIVE.add(child);
        return child;
    }

    private static synchronized void hook() {
        if (hooked) {
            return;
        }
        hooked = true;
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(Children::end));
        } catch (IllegalStateException e) {
            // This JVM is going down already.
            ending = true;
        }
    }

    /// Hears that a server has ended.
    static synchronized void ended(Process child) {
        LIVE.remove(child);
    }

    /// Returns whether this JVM is going down, so that a process which ends now has not failed.
    static synchronized boolean areEnding() {
        return ending;
    }

    private static synchronized void end() {
        ending = true;
        LIVE.forEach(Process::destroyForcibly);
    }
}
