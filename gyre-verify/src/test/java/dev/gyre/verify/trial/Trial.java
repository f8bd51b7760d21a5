package dev.gyre.verify.trial;

import java.util.List;

/// A strain under which a loop must go on. The name of the constant, in small letters, is what a
/// user calls it.
public enum Trial {
    /// Another thread takes stack traces of whatever runs, while callbacks and tasks keep a loop
    /// busy.
    TRACES,

    /// Another thread fills the heap once a second, while tasks suspend.
    MEMORY,

    /// Tasks use up their stack within an await, catch that, and await something else.
    OVERFLOWS,

    /// Many threads compute while tasks await, some of them deep in slow frames, and the loop is
    /// watched closely.
    PROCESSORS;

    Strain strain() {
        return switch (this) {
            case TRACES -> new StackTraces();
            case MEMORY -> new HeapExhaustion();
            case OVERFLOWS -> new StackOverflows();
            case PROCESSORS -> new ScarceProcessors();
        };
    }

    /// Returns what the JVM is started with.
    public List<String> options() {
        return switch (this) {
            case TRACES, OVERFLOWS -> List.of();
            case MEMORY -> List.of("-Xmx40m");
            case PROCESSORS -> List.of("-XX:TieredStopAtLevel=1");
        };
    }
}
