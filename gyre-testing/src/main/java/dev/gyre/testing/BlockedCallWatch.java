package dev.gyre.testing;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Notices that a program of a [Simulation] waits for something outside of it, and interrupts it.
///
/// This watch is for the baton, under which the thread of the simulation waits with the program.
/// Real time only says how often to look: while both threads wait in the same place nothing can
/// happen in the simulation, however slow the machine is.
///
/// One thread looks after all simulations of the process.
final class BlockedCallWatch {

    private static final long PERIOD_NANOS = 250_000_000;

    /// How many looks in a row must find the same stack: a short wait for a lock of the JDK's is no
    /// finding.
    private static final int LOOKS = 8;

    private static final Set<BlockedCallWatch> WATCHES = ConcurrentHashMap.newKeySet();

    static {
        Thread.ofPlatform().daemon().name("gyre-simulation-watch").start(BlockedCallWatch::run);
    }

    /// A host that runs, and the thread that it runs on.
    private record Run(SimulatedHost host, Thread thread) {}

    /// The host that runs now; null between the runs of the hosts. Set by the thread of the
    /// simulation, read by that of the watch.
    private volatile @Nullable Run running;

    /// The blocked call that was found, in words; null while there is none. Set by the thread of
    /// the watch, read by that of the simulation.
    private volatile @Nullable String finding;

    // What the last look found, and how often in a row: fields of the thread of the watch.

    private @Nullable Thread suspect;
    private List<StackTraceElement> stack = List.of();
    private int looks;

    private BlockedCallWatch() {}

    static BlockedCallWatch begin() {
        BlockedCallWatch watch = new BlockedCallWatch();
        WATCHES.add(watch);
        return watch;
    }

    void close() {
        WATCHES.remove(this);
    }

    void begins(SimulatedHost host) {
        running = new Run(host, Thread.currentThread());
    }

    void ends() {
        running = null;
    }

    /// @throws AssertionError if the host was blocked meanwhile
    void check() {
        String found = finding;
        if (found != null) {
            throw new AssertionError(found);
        }
    }

    /// Returns the text that says that a task or callback is blocked.
    static String told(String what, String host) {
        return "'%s' on host '%s' is blocked in a call of the JDK, which the simulation cannot see;"
                        .formatted(what, host)
                + " use runInExecutor, or a stream";
    }

    private static void run() {
        while (true) {
            LockSupport.parkNanos(PERIOD_NANOS);
            WATCHES.forEach(BlockedCallWatch::look);
        }
    }

    private void look() {
        Run run = running;
        Thread thread = run == null ? null : run.host.loop().runningThread();
        if (run == null || thread == null || !waits(thread) || !waits(run.thread)) {
            suspect = null;
            return;
        }
        List<StackTraceElement> present = List.of(thread.getStackTrace());
        if (thread != suspect || !present.equals(stack)) {
            suspect = thread;
            stack = present;
            looks = 0;
        }
        looks++;
        if (looks % LOOKS == 0) {
            found(run.host, thread);
        }
    }

    private static boolean waits(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        };
    }

    private void found(SimulatedHost host, Thread thread) {
        String text =
                told(thread.getName(), host.name())
                        + stack.stream()
                                .map(frame -> "\n    at " + frame)
                                .collect(Collectors.joining());
        if (finding == null) {
            finding = text;
        } else {
            // Standard error is the only place left to tell it: the test cannot end before this
            // call does.
            System.err.println(text + "\nand was interrupted without effect");
        }
        thread.interrupt();
    }
}
