package dev.gyre.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// The signals of the process and the loops that listen to them.
///
/// The JVM has one handler per signal, so this class holds it and passes each delivery on to all
/// listeners. With the last listener gone, the handler found at first is put back.
final class Signals {

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
            return Signal.handle(new Signal(name), raised -> deliver(name));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cannot listen to signal " + name + ": " + Logs.message(e), e);
        }
    }

    private static synchronized void deliver(String name) {
        LISTENERS.getOrDefault(name, List.of()).forEach(LoopSignal::raised);
    }
}
