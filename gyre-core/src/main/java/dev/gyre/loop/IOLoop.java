package dev.gyre.loop;

import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.lang.ref.ReferenceQueue;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// An event loop: one thread that waits for channels, timers and callbacks, and runs them one after
/// the other.
///
/// ```java
/// IOLoop loop = IOLoop.instance();
/// loop.addHandler(listener, this::onAccept, IOLoop.READ);
/// loop.callLater(Duration.ofSeconds(10), this::report);
/// loop.start();
/// ```
///
/// **Threads.** A loop, and everything made on it, belongs to the thread that runs [#start]. From
/// other threads only [#addCallback], [#submit] and [#stop] may be called, and what merely reads:
/// [#metrics], [#name], [#time]. Every other method checks this and throws an
/// [IllegalStateException] that says so. A loop that does not run may be used by whichever thread
/// holds it. The interrupt status of the loop's thread means nothing to the loop, which clears it.
///
/// **One turn**, in this order:
/// 1. the callbacks queued before this turn, first in, first out;
/// 2. the timers that were due when the turn began, by deadline, equal ones as they were scheduled;
/// 3. the before-poll hooks;
/// 4. the poll: not waiting at all if something is queued, else until the next deadline;
/// 5. the handlers of ready channels, one call each, in the poller's order.
///
/// What user code adds while it runs belongs to the next turn. So nothing that keeps adding work
/// can starve channels and timers, and no user code ever runs inside a call to this class.
///
/// **Failures.** What user code throws, of whatever class, goes to the [UncaughtHandler], and the
/// loop goes on: also an [OutOfMemoryError], which a single message can cause. Who wants the
/// process to end then starts it with `-XX:+ExitOnOutOfMemoryError`. When the loop itself finds no
/// memory, it pauses for 10 ms, tries again, and tells so afterwards. Only a failure in its own
/// code stops it, such as that of the poller, and comes out of [#start].
///
/// **Life.** Made, started and stopped any number of times, closed once. A loop holds descriptors
/// until it is closed.
public final class IOLoop implements AutoCloseable {

    /// No event: the channel stays registered and its handler is not called.
    public static final int NONE = 0;

    /// There is input, a connection to accept, the end of input, or an error to be read.
    public static final int READ = 1;

    /// There is room for output, a connect has ended, or there is an error to be met by writing.
    public static final int WRITE = 4;

    /// The channel failed: given to a handler after it let an [java.io.IOException] out, and always
    /// implied in what is asked for.
    public static final int ERROR = 0x18;

    /// How many calls of a handler in a row may throw before it is removed and its channel closed.
    /// From the second on it is paused for 1, 2, 4 ms and so on up to a second, which makes about
    /// five seconds in all. A listener that fails with an [java.io.IOException] is never given up:
    /// it goes on at one call a second, and accepts again when the shortage of descriptors is over.
    public static final int HANDLER_FAILURES_MAX = 16;

    private final UncaughtHandler uncaughtHandler;
    private final RandomGenerator random;
    private final Executor executor;

    private final LoopThread thread;
    private final Reports reports = new Reports(this::handleUncaught);
    private final UserCode userCode;
    private final TurnClock clock;
    private final Turn turn;
    private final HandlerTable handlers;
    private final Life life;
    private final LoopLocals locals;
    private final List<LoopSignal> signals = new ArrayList<>();
    private final TaskList tasks = new TaskList();

    /// Where orders of this loop's futures go that were collected: see [CompletionOrder].
    private final ReferenceQueue<CompletionOrder<?>> goneOrders = new ReferenceQueue<>();

    /// The watchdog; null unless [#watch] is in force.
    private @Nullable Watchdog watchdog;

    /// The limit of turns with which the next start begins to watch; zero if that does not, as
    /// after the first start and after [#watch]. Loop thread.
    private Duration unaskedLimit;

    /// Makes a loop with the default options.
    public IOLoop() {
        this(LoopOptions.defaults());
    }

    /// Makes a loop. It opens its poller, and so holds descriptors until [#close].
    ///
    /// @throws UncheckedIOException if the poller cannot be opened
    public IOLoop(LoopOptions options) {
        Objects.requireNonNull(options, "options");
        // These come first, because each takes time, and what may be short later: descriptors,
        // memory.
        Logs.load();
        Coroutines.chosen();
        Rescue.ensureStarted();
        Duration limit = Watchdog.standardLimit();
        String name = options.name(Loops.nextNumber());
        TimeSource time = options.timeSource();
        uncaughtHandler = options.uncaughtHandler();
        random = options.random();
        executor = options.executor();
        locals = new LoopLocals(options.locals());
        Poller poller = options.openPoller();
        thread = new LoopThread(this, name, time, poller::wakeup);
        userCode = new UserCode(thread, reports, this::userCodeEnded);
        clock = new TurnClock(time);
        turn = new Turn(thread, poller, userCode, reports, clock);
        handlers = new HandlerTable(thread, poller, turn.timers(), turn.ready());
        life = new Life(thread, turn, handlers, reports);
        boolean isOnSystemTime = time == TimeSource.system();
        unaskedLimit = isOnSystemTime ? limit : Duration.ZERO;
        NeverStarted.made(this);
    }

    /// Returns the loop whose step this code is; on any other thread, [#instance]. Any thread.
    public static IOLoop current() {
        return Loops.current();
    }

    /// Returns the process-wide loop, made at first use, and made anew when it was closed. Any
    /// thread.
    public static IOLoop instance() {
        return Loops.instance();
    }

    /// Returns the name, for logs. Any thread.
    public String name() {
        return thread.name();
    }

    /// Returns the time on this loop's clock, in nanoseconds from an arbitrary origin. Any thread.
    public long time() {
        return thread.nanos();
    }

    /// Returns the loop's source of random numbers. Loop thread only.
    public RandomGenerator random() {
        checkThread("random");
        return random;
    }

    /// Returns what the loop has done and what it holds. Any thread, at any time.
    public LoopMetrics metrics() {
        return clock.metrics(Math.max(0, turn.timers().pendingCount()), handlers.count());
    }

    // Callbacks, timers and hooks: work for later.

    /// Runs a callback in a later turn, in the order of the calls. Any thread, at any time: a loop
    /// that waits in its poller is woken, a stopped one keeps the callback for its next start, a
    /// closed one drops it without a word.
    public void addCallback(Callback callback) {
        thread.enqueue(new CallbackStep(thread.contextForLater(), callback, "callback"));
    }

    /// Runs a callback once `delay` has passed, on the clock of this loop. Never in this turn, also
    /// when the delay is zero or negative. Loop thread only.
    ///
    /// @param delay how long to wait; more than 146 years is taken as 146 years
    /// @return the timer, to cancel it
    public LoopTimer callLater(Duration delay, Callback callback) {
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(callback, "callback");
        checkOpen("callLater");
        return turn.timers().after(delay, callback);
    }

    /// Runs a callback once `deadline` has passed. Never in this turn, also when it has passed
    /// already; among several such timers the earlier deadline still goes first. Loop thread only.
    ///
    /// @return the timer, to cancel it
    public LoopTimer callAt(Deadline deadline, Callback callback) {
        Objects.requireNonNull(deadline, "deadline");
        Objects.requireNonNull(callback, "callback");
        checkOpen("callAt");
        return turn.timers().add(deadline.near(time()).nanos(), callback);
    }

    /// Runs a hook once, just before this loop polls the next time. A hook added by a hook waits
    /// for the poll after. Loop thread only.
    public void beforePoll(Callback hook) {
        checkOpen("beforePoll");
        turn.addHook(new CallbackStep(thread.context(), hook, "before-poll hook"));
    }

    // Channels and their handlers.

    /// Registers a channel and its handler. Loop thread only.
    ///
    /// Closing the channel removes the handler too. A loop that is closed closes the channels that
    /// are registered with it.
    ///
    /// @param channel an open channel in non-blocking mode, not registered with this loop
    /// @param handler called while the channel is ready for what `events` asks for. After
    ///   [#HANDLER_FAILURES_MAX] failures in a row it is removed and the channel closed.
    /// @param events a mask of [#READ] and [#WRITE], or [#NONE]. READ stands for accepting on a
    ///   listener, WRITE for the end of the connect on a socket that is not connected.
    /// @throws IllegalStateException if the channel has a handler on this loop already, or is a
    ///   socket whose connect has not begun
    /// @throws IllegalArgumentException if the mask is none, the channel cannot do what it asks
    ///   for, or is in blocking mode
    /// @throws UncheckedIOException if the channel is closed
    public <C extends SelectableChannel> void addHandler(
            C channel, Handler<? super C> handler, int events) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(handler, "handler");
        checkOpen("addHandler");
        handlers.add(channel, handler, events);
    }

    /// Replaces what a registered channel is watched for. Loop thread only.
    ///
    /// With [#NONE] not even a hang-up is noticed; to hear of it, keep [#READ].
    ///
    /// @param events the whole new mask, not an addition
    /// @throws IllegalStateException if the channel has no handler on this loop, or is closed
    public void updateHandler(SelectableChannel channel, int events) {
        Objects.requireNonNull(channel, "channel");
        checkOpen("updateHandler");
        handlers.update(channel, events);
    }

    /// Removes a channel's handler, which is not called any more, not even if the channel was ready
    /// in this turn. The channel stays open, and may be registered again at once. Harmless if there
    /// is no handler, and after the loop was closed. Loop thread only.
    public void removeHandler(SelectableChannel channel) {
        Objects.requireNonNull(channel, "channel");
        checkThread("removeHandler");
        handlers.remove(channel);
    }

    // Tasks: spawning them, running the loop for one, and telling what runs.

    /// Runs `body` as a task of this loop, beginning in a later step. Loop thread only.
    ///
    /// @param taskName for people, in dumps, traces and logs
    /// @return the task, which is the future of the body's result
    public <T extends @Nullable Object> Task<T> spawn(String taskName, Callable<? extends T> body) {
        return begin(Objects.requireNonNull(taskName, "taskName"), null, body);
    }

    /// Runs `body` as a task of this loop, beginning in a later step. Loop thread only.
    ///
    /// @param taskName for people, in dumps, traces and logs
    /// @return the task, which is the future of the body's end
    public Task<@Nullable Void> spawn(String taskName, Body body) {
        return begin(Objects.requireNonNull(taskName, "taskName"), null, body);
    }

    /// Runs `body` as a task of this loop that bears the name of the body's class.
    public <T extends @Nullable Object> Task<T> spawn(Callable<? extends T> body) {
        return begin(null, null, body);
    }

    /// Runs `body` as a task of this loop that bears the name of the body's class.
    public Task<@Nullable Void> spawn(Body body) {
        return begin(null, null, body);
    }

    /// Begins a task.
    ///
    /// @param body a [Callable] of a T, or a [Body] if T is [Void]
    <T extends @Nullable Object> Task<T> begin(
            @Nullable String taskName, @Nullable TaskScope scope, Object body) {
        checkOpen("spawn");
        if (life.isClosing()) {
            throw new IllegalStateException("spawn was called, but " + this + " is closing");
        }
        Task<T> task = new Task<>(this, taskName, scope, body);
        tasks.add(task);
        task.start();
        return task;
    }

    /// Runs `body` as a task of this loop. Any thread.
    ///
    /// @param taskName for people, in dumps, traces and logs
    /// @return the task's result for other threads, completed on the loop. Cancelling it cancels
    ///   the task. If the loop is closed before the task has begun, it fails.
    public <T extends @Nullable Object> CompletableFuture<T> submit(
            String taskName, Callable<? extends T> body) {
        return submit(new Submission<>(this, Objects.requireNonNull(taskName, "taskName"), body));
    }

    /// Runs `body` as a task of this loop. Any thread.
    ///
    /// @param taskName for people, in dumps, traces and logs
    /// @return the task's end for other threads, completed on the loop. Cancelling it cancels the
    ///   task. If the loop is closed before the task has begun, it fails.
    public CompletableFuture<@Nullable Void> submit(String taskName, Body body) {
        return submit(new Submission<>(this, Objects.requireNonNull(taskName, "taskName"), body));
    }

    /// Runs `body` as a task of this loop that bears the name of the body's class. Any thread.
    public <T extends @Nullable Object> CompletableFuture<T> submit(Callable<? extends T> body) {
        return submit(new Submission<>(this, null, body));
    }

    /// Runs `body` as a task of this loop that bears the name of the body's class. Any thread.
    public CompletableFuture<@Nullable Void> submit(Body body) {
        return submit(new Submission<>(this, null, body));
    }

    private <T extends @Nullable Object> CompletableFuture<T> submit(Submission<T> submission) {
        thread.enqueue(submission);
        return submission.result();
    }

    /// Starts this loop, runs `body` as a task, and stops the loop when the task has ended.
    ///
    /// @return the value of the body
    /// @throws java.io.UncheckedIOException if the body let out an [java.io.IOException], which is
    ///   the cause
    /// @throws RuntimeException what else the body let out, as it was, also a checked exception
    /// @throws IllegalStateException if the loop cannot be started, as in [#start], or was stopped
    ///   before the task had ended, which is cancelled then
    public <T extends @Nullable Object> T runSync(Callable<? extends T> body) {
        life.checkStartable();
        return runUntilEnded(begin("runSync", null, body));
    }

    /// Starts this loop, runs `body` as a task, and stops the loop when the task has ended.
    ///
    /// @throws java.io.UncheckedIOException if the body let out an [java.io.IOException], which is
    ///   the cause
    /// @throws RuntimeException what else the body let out, as it was, also a checked exception
    /// @throws IllegalStateException if the loop cannot be started, as in [#start], or was stopped
    ///   before the task had ended, which is cancelled then
    public void runSync(Body body) {
        life.checkStartable();
        runUntilEnded(begin("runSync", null, body));
    }

    private <T extends @Nullable Object> T runUntilEnded(Task<T> task) {
        SyncEnd end = new SyncEnd(this);
        task.addWaiter(end);
        start();
        end.over();
        if (!task.isDone()) {
            task.forget(end);
            throw new IllegalStateException(this + " was stopped before the task had ended");
        }
        return task.outcome();
    }

    /// Returns the tasks that have not ended, in the order in which they were spawned. Loop thread
    /// only.
    public List<Task<?>> tasks() {
        checkThread("tasks");
        return tasks.copy();
    }

    /// Returns the tree of tasks as text: each with its age, what it awaits, since when, and where;
    /// after them the callbacks that are blocked in a call of the JDK. Loop thread only.
    public String dumpTasks() {
        checkThread("dumpTasks");
        return tasks.dump(name(), time()) + userCode.dump();
    }

    /// Returns whether there is nothing to run: nothing is queued, no timer or report is due, no
    /// callback is blocked in the JDK, and no coroutine still to come whose stack another thread
    /// looks at. What the poller would tell is not known. Loop thread only.
    public boolean isIdle() {
        checkThread("isIdle");
        return turn.isIdle() && !userCode.isAway() && !thread.awaitsCoroutines();
    }

    /// Returns the thread whose turn it is on this loop, a coroutine's or its own; null while it
    /// does not run. Any thread, which may find that it was long ago.
    public @Nullable Thread runningThread() {
        return thread.owner();
    }

    /// Returns the mechanism of coroutines in this process, and why it is in use, in one line. Any
    /// thread.
    public static String coroutines() {
        return Coroutines.explained();
    }

    /// Notes a step that is to run once a task has ended.
    void onEnd(Task<?> task, Step step) {
        tasks.onEnd(task, step);
    }

    /// Called by a task that has ended.
    void ended(Task<?> task) {
        tasks.remove(task);
        userCodeEnded();
    }

    /// Called when a task, or user code that was suspended, has ended: a closing loop waits for
    /// that.
    private void userCodeEnded() {
        if (life.isClosing() && !isBusy()) {
            stop();
        }
    }

    /// Returns whether there is a coroutine that a closing loop waits for.
    boolean isBusy() {
        return !tasks.isEmpty() || userCode.isAway();
    }

    Reports reports() {
        return reports;
    }

    /// Returns the time at which this stretch of work began: exact enough to tell ages, and free.
    long turnNanos() {
        return clock.workStart();
    }

    ReferenceQueue<CompletionOrder<?>> goneOrders() {
        return goneOrders;
    }

    // Blocking calls, stages, signals and the watchdog: the world outside of the loop.

    /// Runs a call that blocks on the executor of [LoopOptions#withExecutor]. Loop thread only.
    ///
    /// @return the result of the call, on this loop. Cancelling it keeps a call that has not begun
    ///   from beginning; one that has begun goes on, and its result is dropped.
    public <T extends @Nullable Object> LoopFuture<T> runInExecutor(Callable<? extends T> call) {
        return runIn(executor, call);
    }

    /// Runs a call that blocks, and has no result, on the executor of [LoopOptions#withExecutor].
    /// Loop thread only.
    ///
    /// @return the end of the call, on this loop; cancelled as that of a call with a result
    public LoopFuture<@Nullable Void> runInExecutor(Body call) {
        return runIn(executor, call);
    }

    /// Runs a call that blocks on the given executor. Loop thread only.
    ///
    /// @return the result of the call, on this loop; failed if the executor refuses
    public <T extends @Nullable Object> LoopFuture<T> runInExecutor(
            Executor where, Callable<? extends T> call) {
        return runIn(where, call);
    }

    /// Runs a call that blocks, and has no result, on the given executor. Loop thread only.
    ///
    /// @return the end of the call, on this loop; failed if the executor refuses
    public LoopFuture<@Nullable Void> runInExecutor(Executor where, Body call) {
        return runIn(where, call);
    }

    private <T extends @Nullable Object> LoopFuture<T> runIn(Executor where, Object call) {
        Objects.requireNonNull(where, "where");
        Objects.requireNonNull(call, "call");
        checkOpen("runInExecutor");
        OffLoopJob<T> job = new OffLoopJob<>(this, call);
        try {
            where.execute(job);
        } catch (Throwable e) {
            job.future().fail(e);
        }
        return job.future();
    }

    /// Brings the result of any stage to this loop. Loop thread only.
    ///
    /// @param stage completed by whatever thread
    /// @return the stage's result, on this loop; with the failure itself, not the
    ///   [java.util.concurrent.CompletionException] around it. Cancelling it cancels the stage, if
    ///   that is a [java.util.concurrent.Future].
    public <T extends @Nullable Object> LoopFuture<T> adopt(CompletionStage<T> stage) {
        Objects.requireNonNull(stage, "stage");
        checkOpen("adopt");
        return new AdoptedStage<>(this, stage).future();
    }

    /// Runs a callback on this loop whenever the process gets a signal. Loop thread only.
    ///
    /// What the signal did before, such as ending the process, no longer happens. Several loops may
    /// listen to one signal, and each hears it. Signals that come while the loop is stopped are
    /// kept for its next start.
    ///
    /// A second `INT` or `TERM` that comes while the loop runs, and has not begun with the callback
    /// for the first, nor does so within half a second, ends the process at once: with the stack of
    /// what the loop is at on standard error, with the status that the signal would have given,
    /// such as 143 for `TERM`, and without running shutdown hooks.
    ///
    /// @param signalName without prefix, as in `INT`, `TERM` or `HUP`
    /// @return the registration, to end it; closing the loop ends it too
    /// @throws IllegalArgumentException if the platform has no such signal, or the JVM keeps it
    public LoopSignal onSignal(String signalName, Callback callback) {
        Objects.requireNonNull(callback, "callback");
        checkOpen("onSignal");
        LoopSignal signal = new LoopSignal(this, signalName, callback);
        Signals.add(signal);
        signals.add(signal);
        return signal;
    }

    void forget(LoopSignal signal) {
        signals.remove(signal);
    }

    /// Watches for turns that take too long. Loop thread only.
    ///
    /// A thread of its own looks at the loop every quarter of `limit`, but at most once a
    /// millisecond: shorter turns may go unseen, however low the limit. A turn that outlasts it is
    /// counted in [LoopMetrics#blockedTurns] and logged as a warning with the stack of what runs,
    /// again whenever its length has doubled, in all at most once a second. A second call replaces
    /// the limit.
    ///
    /// Loops on the system clock are watched without being asked, from their first start on, where
    /// the system property `dev.gyre.watch` says so, with a limit in milliseconds, and in debug
    /// mode (`-Ddev.gyre.debug=true`), with 250 ms unless that property says another.
    ///
    /// @param limit what a turn may take; zero ends the watch
    /// @throws IllegalArgumentException if the limit is negative
    public void watch(Duration limit) {
        Objects.requireNonNull(limit, "limit");
        if (limit.isNegative()) {
            throw new IllegalArgumentException("the limit of a turn is negative: " + limit);
        }
        checkOpen("watch");
        beginWatch(limit);
    }

    private void beginWatch(Duration limit) {
        unwatch();
        unaskedLimit = Duration.ZERO;
        if (!limit.isZero()) {
            watchdog = new Watchdog(thread, clock, limit);
            watchdog.start();
        }
    }

    void unwatch() {
        if (watchdog != null) {
            watchdog.stop();
            watchdog = null;
        }
    }

    <T> T local(LoopLocal<T> local) {
        checkOpen("LoopLocal.get");
        return locals.get(local, this);
    }

    // Life cycle: start, stop, close.

    /// Runs the loop on this thread until [#stop]. The thread bears the loop's name meanwhile.
    ///
    /// @throws IllegalStateException if the loop runs already, on this thread or another, or is
    ///   closed, or if this is a virtual thread: one that waits in a poller would need another
    ///   thread to wait for it, and could not carry coroutines
    /// @throws UncheckedIOException if the poller fails
    public void start() {
        NeverStarted.over(this);
        life.checkStartable();
        if (!unaskedLimit.isZero()) {
            beginWatch(unaskedLimit);
        }
        life.start();
    }

    /// Lets the loop finish its turn and return from [#start]. Any thread, at any time. What is
    /// queued for later turns stays queued, and failures that nobody has looked at are reported.
    /// Before a start, it makes that start return at once, having run nothing; after the loop was
    /// closed it does nothing.
    public void stop() {
        turn.stop();
    }

    /// Ends the tasks and releases everything. Legal once [#start] has returned, on any thread;
    /// does nothing the second time.
    ///
    /// Tasks are cancelled, and the loop turns once more until they have ended, for at most a
    /// second, and so for callbacks that are blocked in a JDK call. Those that are left are
    /// interrupted, which may close the socket or file they are blocked in, and get a second more;
    /// after that the log names them, and what they await of this loop ends, whatever shields it,
    /// as cancelled. Then the registered channels are closed, pending callbacks and timers dropped,
    /// signals forgotten, values of [LoopLocal] released, unobserved failures reported, and the
    /// poller closed. To keep a channel, remove its handler first.
    ///
    /// Where one of these things fails, the others are done all the same, and the failure is thrown
    /// in the end: the loop is closed then too. What finds no memory is tried again for a while.
    ///
    /// @throws IllegalStateException if the loop runs
    @Override
    public void close() {
        List<Runnable> parts =
                List.of(this::unwatch, this::removeSignals, handlers::close, locals::release);
        life.close(new Closing(this, life, tasks, userCode, reports, parts));
    }

    private void removeSignals() {
        List.copyOf(signals).forEach(LoopSignal::remove);
    }

    /// Returns whether [#close] is over.
    boolean isOver() {
        return life.isOver();
    }

    /// Returns whether [#close] has begun or is over: the loop takes no new work. Any thread.
    public boolean isClosed() {
        return life.isClosing() || life.isOver();
    }

    /// Hands a failure to the loop's handler, whose own failure is logged.
    private void handleUncaught(String running, Throwable failure) {
        try {
            uncaughtHandler.handle(this, running, failure);
        } catch (Throwable e) {
            if (e != failure) {
                e.addSuppressed(failure);
            }
            Logs.GENERAL.log(Level.ERROR, name() + ": the uncaught handler failed", e);
        }
    }

    // Checks of who may call.

    LoopThread thread() {
        return thread;
    }

    /// Does nothing if this thread may use the loop and what belongs to it. For what is built on a
    /// loop: it begins each of its operations so.
    ///
    /// @param operation what was called, for the message
    /// @throws IllegalStateException if the loop runs on another thread
    public void checkThread(String operation) {
        Objects.requireNonNull(operation, "operation");
        thread.check(operation);
    }

    /// Refuses foreign threads while the loop runs, and everybody once it is closed.
    private void checkOpen(String operation) {
        checkThread(operation);
        if (life.isOver()) {
            throw new IllegalStateException(operation + " was called, but " + this + " is closed");
        }
    }

    @Override
    public String toString() {
        return "IOLoop[" + name() + "]";
    }
}
