package dev.gyre.loop;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Where a loop gets its name, time, readiness, randomness and off-loop work from. Immutable; each
/// `with` method returns a changed copy, and one instance may serve many loops.
public final class LoopOptions {

    private static final LoopOptions DEFAULTS =
            new LoopOptions(null, null, TimeSource.system(), Poller::open, null, null);

    /// Null: the loop is numbered.
    private final @Nullable String name;

    /// Null: each loop logs for itself.
    private final @Nullable UncaughtHandler uncaughtHandler;

    private final TimeSource timeSource;
    private final Supplier<? extends Poller> poller;

    /// Null: each loop has a generator of its own, since they are not made for several threads.
    private final @Nullable RandomGenerator random;

    /// Null: the threads of [Workers].
    private final @Nullable Executor executor;

    private LoopOptions(
            @Nullable String name,
            @Nullable UncaughtHandler uncaughtHandler,
            TimeSource timeSource,
            Supplier<? extends Poller> poller,
            @Nullable RandomGenerator random,
            @Nullable Executor executor) {
        this.name = name;
        this.uncaughtHandler = uncaughtHandler;
        this.timeSource = timeSource;
        this.poller = poller;
        this.random = random;
        this.executor = executor;
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
        return new LoopOptions(newName, uncaughtHandler, timeSource, poller, random, executor);
    }

    /// Replaces what hears of exceptions in user code. The default logs them.
    public LoopOptions withUncaughtHandler(UncaughtHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return new LoopOptions(name, handler, timeSource, poller, random, executor);
    }

    /// Replaces the clock. The default is [TimeSource#system].
    public LoopOptions withTimeSource(TimeSource source) {
        Objects.requireNonNull(source, "source");
        return new LoopOptions(name, uncaughtHandler, source, poller, random, executor);
    }

    /// Replaces the poller. The default is [Poller#open], the poller of the platform.
    ///
    /// @param opener opens one poller for each loop that is made with these options
    public LoopOptions withPoller(Supplier<? extends Poller> opener) {
        Objects.requireNonNull(opener, "opener");
        return new LoopOptions(name, uncaughtHandler, timeSource, opener, random, executor);
    }

    /// Replaces the source of random numbers, which only the loop's thread draws from. By default
    /// each loop has a generator of its own.
    public LoopOptions withRandom(RandomGenerator generator) {
        Objects.requireNonNull(generator, "generator");
        return new LoopOptions(name, uncaughtHandler, timeSource, poller, generator, executor);
    }

    /// Replaces where [IOLoop#runInExecutor] runs what blocks. The default is a pool of daemon
    /// platform threads, at most 64 of them, shared by all loops of the process.
    public LoopOptions withExecutor(Executor newExecutor) {
        Objects.requireNonNull(newExecutor, "newExecutor");
        return new LoopOptions(name, uncaughtHandler, timeSource, poller, random, newExecutor);
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
}
