package dev.gyre.loop;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Where a loop gets its name, time, readiness, randomness and off-loop work from. Immutable; each
/// `with` method returns a changed copy, and one instance may serve many loops.
public final class LoopOptions {

    private static final LoopOptions DEFAULTS = new LoopOptions();

    // Each field changes in a fresh copy only, before a `with` method hands that copy out.

    /// The name; null if the loop is to be numbered.
    private @Nullable String name;

    /// The handler; null if each loop is to log for itself.
    private @Nullable UncaughtHandler uncaughtHandler;

    private TimeSource timeSource = TimeSource.system();
    private Supplier<? extends Poller> poller = Poller::open;

    /// The generator; null if each loop is to have one of its own, since generators are not made
    /// for several threads.
    private @Nullable RandomGenerator random;

    /// The executor; null for the threads of [Workers].
    private @Nullable Executor executor;

    /// The values set by [#withLocal].
    private Map<LoopLocal<?>, Object> locals = Map.of();

    private LoopOptions() {}

    private LoopOptions(LoopOptions original) {
        name = original.name;
        uncaughtHandler = original.uncaughtHandler;
        timeSource = original.timeSource;
        poller = original.poller;
        random = original.random;
        executor = original.executor;
        locals = original.locals;
    }

    /// Returns the options of a loop made for production.
    public static LoopOptions defaults() {
        return DEFAULTS;
    }

    /// Names the loop, and its thread while it runs. The default is `loop-1`, `loop-2` and so on.
    ///
    /// @throws IllegalArgumentException if the name is blank
    public LoopOptions withName(String newName) {
        if (newName.isBlank()) {
            throw new IllegalArgumentException("the name of a loop must not be blank");
        }
        LoopOptions changed = new LoopOptions(this);
        changed.name = newName;
        return changed;
    }

    /// Replaces what hears of exceptions in user code. The default logs them.
    public LoopOptions withUncaughtHandler(UncaughtHandler handler) {
        Objects.requireNonNull(handler, "handler");
        LoopOptions changed = new LoopOptions(this);
        changed.uncaughtHandler = handler;
        return changed;
    }

    /// Replaces the clock. The default is [TimeSource#system].
    public LoopOptions withTimeSource(TimeSource source) {
        Objects.requireNonNull(source, "source");
        LoopOptions changed = new LoopOptions(this);
        changed.timeSource = source;
        return changed;
    }

    /// Replaces the poller. The default is [Poller#open], the poller of the platform.
    ///
    /// @param opener opens one poller for each loop that is made with these options
    public LoopOptions withPoller(Supplier<? extends Poller> opener) {
        Objects.requireNonNull(opener, "opener");
        LoopOptions changed = new LoopOptions(this);
        changed.poller = opener;
        return changed;
    }

    /// Sets the value of a [LoopLocal] for each loop made with these options, in place of the one
    /// that the local would make itself: so a library built on the loop, and the programs that use
    /// it, take their surroundings from the loop.
    ///
    /// @param value shared by all loops of these options, hence not closed with a loop
    public <T> LoopOptions withLocal(LoopLocal<T> local, T value) {
        Map<LoopLocal<?>, Object> values = new HashMap<>(locals);
        values.put(Objects.requireNonNull(local, "local"), Objects.requireNonNull(value, "value"));
        LoopOptions changed = new LoopOptions(this);
        changed.locals = Map.copyOf(values);
        return changed;
    }

    /// Replaces the source of random numbers, which only the loop's thread draws from. By default
    /// each loop has a generator of its own.
    public LoopOptions withRandom(RandomGenerator generator) {
        Objects.requireNonNull(generator, "generator");
        LoopOptions changed = new LoopOptions(this);
        changed.random = generator;
        return changed;
    }

    /// Replaces where [IOLoop#runInExecutor] runs what blocks. The default is a pool of daemon
    /// platform threads, at most 64 of them, shared by all loops of the process.
    public LoopOptions withExecutor(Executor newExecutor) {
        Objects.requireNonNull(newExecutor, "newExecutor");
        LoopOptions changed = new LoopOptions(this);
        changed.executor = newExecutor;
        return changed;
    }

    String name(int number) {
        return name == null ? "loop-" + number : name;
    }

    UncaughtHandler uncaughtHandler() {
        return uncaughtHandler == null ? new LoggingUncaughtHandler() : uncaughtHandler;
    }

    TimeSource timeSource() {
        return timeSource;
    }

    Poller openPoller() {
        return Objects.requireNonNull(poller.get(), "the opener of LoopOptions gave no poller");
    }

    RandomGenerator random() {
        return random == null ? RandomGenerator.getDefault() : random;
    }

    Executor executor() {
        return executor == null ? Workers.shared() : executor;
    }

    Map<LoopLocal<?>, Object> locals() {
        return locals;
    }
}
