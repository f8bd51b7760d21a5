package dev.gyre.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// The signals of the process and the loops that listen to them.
///
/// The JVM has one handler per signal, so this class holds it and passes each delivery on to all
/// listeners. With the last listener gone, the handler found at first is put back.
///
/// Who listens to a signal that ends the process has taken over to end it, and a loop that computes
/// cannot. So the second one that such a loop does not hear ends the process.
final class Signals {

    /// The signals by which people and service managers ask a process to end.
    private static final Set<String> ENDING = Set.of("INT", "TERM");

    /// How long a running loop may take to begin with a signal when the next has come already. Some
    /// programs send each signal twice, and a turn may take a while.
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /// How long the last words may take. The log, or who should read them, may be what the loop
    /// waits for.
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /// As shells count: an exit status above this tells which signal has ended the process.
    private static final int STATUS_OF_SIGNALS = 128;

    /// Who listens to each signal. Guarded by the class: listeners come from any loop, deliveries
    /// from the JVM's signal thread.
    private static final Map<String, List<LoopSignal>> LISTENERS = new HashMap<>();

    /// The handler of each signal before ours. Guarded by the class.
    private static final Map<String, SignalHandler> REPLACED = new HashMap<>();

    private Signals() {}

    /// @throws IllegalArgumentException if the platform has no such signal or keeps it to itself
    static synchronized void add(LoopSignal signal) {
        List<LoopSignal> listeners = LISTENERS.getOrDefault(signal.name(), List.of());
        if (listeners.isEmpty()) {
            REPLACED.put(signal.name(), install(signal.name()));
        }
        List<LoopSignal> more = new ArrayList<>(listeners);
        more.add(signal);
        LISTENERS.put(signal.name(), more);
    }

    static synchronized void remove(LoopSignal signal) {
        List<LoopSignal> fewer = new ArrayList<>(LISTENERS.getOrDefault(signal.name(), List.of()));
        fewer.remove(signal);
        SignalHandler replaced = REPLACED.get(signal.name());
        if (fewer.isEmpty() && replaced != null) {
            // Before anything changes here: there may be no memory for it.
            Signal.handle(new Signal(signal.name()), replaced);
            REPLACED.remove(signal.name());
        }
        LISTENERS.put(signal.name(), fewer);
    }

    private static SignalHandler install(String name) {
        try {
            return Signal.handle(new Signal(name), Signals::deliver);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cannot listen to signal " + name + ": " + Logs.message(e) + hint(name), e);
        }
    }

    private static String hint(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        String known = upper.startsWith("SIG") ? upper.substring(3) : upper;
        return known.equals(name) ? "" : "; write \"%s\"".formatted(known);
    }

    /// Called on a thread that the JVM has started for this.
    private static void deliver(Signal raised) {
        for (LoopSignal signal : raise(raised.getName())) {
            // Outside of the lock, since the loop may need that to begin.
            if (signal.staysUnheard(PATIENCE)) {
                endProcess(raised, signal);
            }
        }
    }

    /// Tells all listeners, and returns those that have not heard the signal before this one, if it
    /// is one that should end the process.
    private static synchronized List<LoopSignal> raise(String name) {
        List<LoopSignal> listeners = LISTENERS.getOrDefault(name, List.of());
        List<LoopSignal> unheard =
                ENDING.contains(name)
                        ? listeners.stream().filter(LoopSignal::isUnheard).toList()
                        : List.of();
        listeners.forEach(LoopSignal::raised);
        return unheard;
    }

    /// Ends the process at once. Shutdown hooks are not run: one that waits for the loop would keep
    /// the process alive for ever.
    private static void endProcess(Signal raised, LoopSignal unheard) {
        int status = STATUS_OF_SIGNALS + raised.getNumber();
        try {
            Thread speaker =
                    Thread.ofPlatform()
                            .daemon()
                            .name("gyre-last-words")
                            .start(() -> Logs.atOnce(lastWords(raised, unheard, status)));
            speaker.join(LAST_WORDS.toMillis());
        } catch (InterruptedException e) {
            // The end comes anyway, without the words.
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    private static String lastWords(Signal raised, LoopSignal unheard, int status) {
        return "gyre: signal %s has come twice; the process ends with status %d. Not heard by %s"
                .formatted(raised.getName(), status, unheard.whatRuns());
    }
}
