package dev.gyre.loop;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/// Tells, when the process ends, of loops that have something to do and were never started: a
/// program that forgets `start` would end without a word.
final class NeverStarted {

    /// The loops that were not started so far. Guarded by the class.
    private static final Set<IOLoop> LOOPS = Collections.newSetFromMap(new WeakHashMap<>());

    /// Whether the shutdown hook is there. Guarded by the class.
    private static boolean isHooked;

    private NeverStarted() {}

    /// Notes a new loop. Any thread.
    static synchronized void made(IOLoop loop) {
        LOOPS.add(loop);
        if (!isHooked) {
            isHooked = true;
            hook();
        }
    }

    private static void hook() {
        Thread teller = new Thread(null, NeverStarted::tell, "gyre-never-started", 0, false);
        try {
            Runtime.getRuntime().addShutdownHook(teller);
        } catch (IllegalStateException e) {
            // The process ends already, and this loop begins too late to be forgotten.
            return;
        }
    }

    /// Notes that a loop is started. Any thread.
    static synchronized void over(IOLoop loop) {
        LOOPS.remove(loop);
    }

    private static synchronized List<IOLoop> loops() {
        return List.copyOf(LOOPS);
    }

    private static void tell() {
        for (IOLoop loop : loops()) {
            if (!loop.isClosed() && (!loop.isIdle() || loop.metrics().handlers() > 0)) {
                Logs.atOnce(
                        ("gyre: %s has something to do and was never started; call start(), or"
                                        + " runSync(...)")
                                .formatted(loop));
            }
        }
    }
}
