package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Task;
import dev.gyre.loop.UncaughtHandler;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes of what user code throws.
class FailuresTest {

    private static final String APPLICATION = "dev.gyre.application";

    private final List<String> ran = new ArrayList<>();

    private Callback note(String name) {
        return () -> ran.add(name);
    }

    /// Throws any exception, also a checked one, out of a callback.
    private static Callback failing(Throwable failure) {
        return () -> {
            switch (failure) {
                case Error error -> throw error;
                case Exception exception -> throw exception;
                default -> throw new IllegalArgumentException(failure);
            }
        };
    }

    @GyreTest
    void theRecordNamesTheLoopAndWhatWasRunning(TestLoop test, ExpectLog log) {
        Callback callback = new NamedCallback();
        log.expect(
                APPLICATION, Level.ERROR, test.loop().name() + ": exception in callback sweeper");
        test.loop().addCallback(callback);

        test.runUntilIdle();

        assertThat(log.records())
                .singleElement()
                .satisfies(record -> assertThat(record.thrown()).hasMessage("dust"));
    }

    private static final class NamedCallback implements Callback {

        @Override
        public void run() throws IOException {
            throw new IOException("dust");
        }

        @Override
        public String toString() {
            return "sweeper";
        }
    }

    @GyreTest
    void anErrorThatIsNotTheMachinesIsLoggedAndTheLoopGoesOn(TestLoop test, ExpectLog log) {
        log.expect(2, APPLICATION, Level.ERROR, "exception in");
        test.loop().addCallback(failing(new AssertionError("wrong")));
        test.loop().addCallback(failing(new NoClassDefFoundError("Missing")));
        test.loop().addCallback(note("next"));

        test.runUntilIdle();

        assertThat(ran).containsExactly("next");
    }

    /// Of the virtual machine's errors this one is the code's: a text that contains itself, say.
    @GyreTest
    void aNameThatOverflowsTheStackDoesNotStopTheLoop(TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "toString failed with java.lang.StackOverflowError");
        test.loop().addCallback(new EndlesslyNamed());
        test.loop().addCallback(note("next"));

        test.runUntilIdle();

        assertThat(ran).containsExactly("next");
    }

    private static final class EndlesslyNamed implements Callback {

        @Override
        public void run() throws IOException {
            throw new IOException("dust");
        }

        @Override
        @SuppressWarnings("InfiniteRecursion") // The point.
        public String toString() {
            return "[" + this + "]";
        }
    }

    @GyreTest
    void anUncaughtHandlerThatOverflowsTheStackDoesNotStopTheLoop(ExpectLog log) {
        log.expect("dev.gyre.general", Level.ERROR, "the uncaught handler failed");
        LoopOptions options =
                LoopOptions.defaults()
                        .withUncaughtHandler((loop, running, failure) -> {
                            throw new StackOverflowError();
                        });
        try (IOLoop loop = new IOLoop(options)) {
            loop.addCallback(failing(new IOException("dust")));
            loop.addCallback(note("next"));
            loop.addCallback(loop::stop);

            loop.start();
        }

        assertThat(ran).containsExactly("next");
    }

    @GyreTest
    void aCancellationIsNoNews(TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.DEBUG, "cancelled");
        test.loop().addCallback(failing(new CancellationException("somebody asked")));

        test.runUntilIdle();

        assertThat(log.records()).hasSize(1);
    }

    @GyreTest
    void theRateOfRecordsIsBoundedAndTheRestIsCounted(TestLoop test, ExpectLog log) {
        int allowed = UncaughtHandler.RECORDS_PER_SECOND_MAX;
        log.expect(allowed, APPLICATION, Level.ERROR, "again and again");
        log.expect(APPLICATION, Level.ERROR, "(5 records before this left out)");
        for (int i = 0; i < allowed + 5; i++) {
            test.loop().addCallback(failing(new IOException("again and again")));
        }
        test.runUntilIdle();
        assertThat(log.records()).hasSize(allowed);

        test.advance(Duration.ofSeconds(1));
        test.loop().addCallback(failing(new IOException("once more")));
        test.runUntilIdle();

        assertThat(log.records()).hasSize(allowed + 1);
    }

    @GyreTest
    void withinTheRateNothingIsLeftOut(TestLoop test, ExpectLog log) {
        int allowed = UncaughtHandler.RECORDS_PER_SECOND_MAX;
        log.expect(2 * allowed, APPLICATION, Level.ERROR, "again");
        for (int i = 0; i < 2 * allowed; i++) {
            if (i == allowed) {
                test.runUntilIdle();
                test.advance(Duration.ofSeconds(1));
            }
            test.loop().addCallback(failing(new IOException("again")));
        }

        test.runUntilIdle();

        assertThat(log.records()).noneMatch(record -> record.message().contains("left out"));
    }

    @GyreTest
    void theHandlerOfTheOptionsHearsLoopWordsAndFailure() {
        List<Object> heard = new ArrayList<>();
        IOException failure = new IOException("reset");
        UncaughtHandler handler =
                (where, running, what) -> heard.addAll(List.of(where, running, what));
        try (TestLoop test = new TestLoop(options -> options.withUncaughtHandler(handler))) {
            test.loop().callLater(Duration.ZERO, failing(failure));

            test.runUntilIdle();

            assertThat(heard).hasSize(3).contains(test.loop(), failure);
            assertThat(heard.get(1)).asString().startsWith("timer");
        }
    }

    @GyreTest
    void aHandlerThatThrowsIsLoggedWithTheFirstFailureInItAndTheLoopGoesOn(ExpectLog log) {
        log.expect("dev.gyre.general", Level.ERROR, "the uncaught handler failed");
        IOException failure = new IOException("first");
        UncaughtHandler handler =
                (where, running, what) -> {
                    throw new IllegalStateException("second");
                };
        try (TestLoop test = new TestLoop(options -> options.withUncaughtHandler(handler))) {
            test.loop().addCallback(failing(failure));
            test.loop().addCallback(note("next"));

            test.runUntilIdle();
        }

        assertThat(ran).containsExactly("next");
        assertThat(log.records().getFirst().thrown()).hasSuppressedException(failure);
    }

    /// Throwing what it was given is what a strict handler does; it cannot be suppressed in itself.
    @GyreTest
    void aHandlerThatRethrowsIsLoggedAndTheLoopGoesOn(ExpectLog log) {
        log.expect("dev.gyre.general", Level.ERROR, "the uncaught handler failed");
        UncaughtHandler handler =
                (where, running, what) -> {
                    throw (IllegalStateException) what;
                };
        try (TestLoop test = new TestLoop(options -> options.withUncaughtHandler(handler))) {
            test.loop().addCallback(failing(new IllegalStateException("thrown twice")));
            test.loop().addCallback(note("next"));

            test.runUntilIdle();
        }

        assertThat(ran).containsExactly("next");
    }

    /// As a client could cause it, by a length that a handler believes.
    @GyreTest
    void anErrorOfTheMachineIsAFailureOfTheCodeThatMetItAndTheLoopGoesOn(
            TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "callback");
        test.loop().addCallback(() -> ran.add("length " + new byte[Integer.MAX_VALUE].length));
        test.loop().addCallback(note("next"));

        test.runUntilIdle();

        assertThat(ran).containsExactly("next");
        assertThat(log.records())
                .singleElement()
                .satisfies(
                        record -> assertThat(record.thrown()).isInstanceOf(OutOfMemoryError.class));
    }

    @ParameterizedTest
    @MethodSource("errorsOfTheMachine")
    void whateverItsClassIsTheRestOfTheTurnRuns(VirtualMachineError planned) {
        List<Throwable> reported = new ArrayList<>();
        UncaughtHandler handler = (where, running, what) -> reported.add(what);
        try (TestLoop test = new TestLoop(options -> options.withUncaughtHandler(handler))) {
            IOLoop loop = test.loop();
            loop.addCallback(note("before"));
            loop.addCallback(() -> loop.addCallback(note("next turn")));
            loop.addCallback(failing(planned));
            loop.addCallback(note("after"));
            loop.callLater(Duration.ZERO, failing(planned));
            loop.callLater(Duration.ZERO, note("timer"));
            loop.beforePoll(failing(planned));
            loop.beforePoll(note("hook"));
            Task<Object> task =
                    loop.spawn(
                            "task",
                            () -> {
                                throw planned;
                            });

            test.runUntilIdle();

            assertThat(ran).containsExactly("before", "after", "timer", "hook", "next turn");
            assertThat(reported).containsExactly(planned, planned, planned);
            assertThat(task.exceptionNow()).isSameAs(planned);
        }
    }

    static List<VirtualMachineError> errorsOfTheMachine() {
        return List.of(
                new OutOfMemoryError("planned"),
                new StackOverflowError("planned"),
                new InternalError("planned"));
    }

    @GyreTest
    void anErrorOfTheMachineInAHandlerLosesNoReadiness(ExpectLog log, TestLoop test)
            throws IOException {
        log.expect(2, APPLICATION, Level.ERROR, "handler");
        Pipe first = readable(test, new OutOfMemoryError("planned"));
        Pipe second = readable(test, new OutOfMemoryError("planned"));

        test.runUntil(() -> ran.size() == 2);

        assertThat(ran).containsExactly("x", "x");
        for (Pipe pipe : List.of(first, second)) {
            pipe.sink().close();
            pipe.source().close();
        }
    }

    private Pipe readable(TestLoop test, OutOfMemoryError planned) throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        ChannelBytes.write(pipe.sink(), "x");
        test.loop()
                .addHandler(
                        pipe.source(),
                        (channel, events) -> {
                            ran.add(ChannelBytes.read(channel));
                            throw planned;
                        },
                        IOLoop.READ);
        return pipe;
    }

    @GyreTest
    void anErrorOfTheMachineInTheHandlerOfTheOptionsIsLogged(ExpectLog log) {
        log.expect("dev.gyre.general", Level.ERROR, "the uncaught handler failed");
        UncaughtHandler handler =
                (where, running, what) -> {
                    throw new OutOfMemoryError("planned");
                };
        try (TestLoop test = new TestLoop(options -> options.withUncaughtHandler(handler))) {
            test.loop().addCallback(failing(new IOException("first")));
            test.loop().addCallback(note("next"));

            test.runUntilIdle();
        }

        assertThat(ran).containsExactly("next");
    }

    /// The loop's own work lacks memory: no user code has failed, and none is told of it but after.
    @GyreTest
    void aLoopThatLacksMemoryItselfLosesATurnAndNothingElse() {
        List<String> reported = new ArrayList<>();
        ScriptedPoller poller = new ScriptedPoller();
        int[] polls = {0};
        LoopOptions options =
                LoopOptions.defaults()
                        .withPoller(() -> poller)
                        .withUncaughtHandler((where, running, what) -> reported.add(running));
        try (IOLoop loop = new IOLoop(options)) {
            poller.onPoll(timeout -> {
                if (++polls[0] == 2) {
                    throw new OutOfMemoryError("planned");
                }
            });
            loop.addCallback(note("first"));
            loop.callLater(
                    Duration.ofMillis(1),
                    () -> {
                        ran.add("timer");
                        loop.addCallback(loop::stop);
                    });

            loop.start();

            assertThat(ran).containsExactly("first", "timer");
            assertThat(reported).singleElement().asString().contains("short of memory", "1 turns");
        }
    }

    @GyreTest
    void aLoopWhosePollerFailsOtherwiseStopsAndCanBeStartedAgain() {
        ScriptedPoller poller = new ScriptedPoller();
        IllegalStateException planned = new IllegalStateException("planned");
        boolean[] fails = {true};
        try (IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(() -> poller))) {
            poller.onPoll(timeout -> {
                if (fails[0]) {
                    throw planned;
                }
            });
            loop.addCallback(note("first"));
            loop.addCallback(() -> loop.addCallback(note("second")));

            assertThatThrownBy(loop::start).isSameAs(planned);
            fails[0] = false;
            loop.addCallback(loop::stop);
            loop.start();

            assertThat(ran).containsExactly("first", "second");
            assertThat(IOLoop.current()).isNotSameAs(loop);
        }
    }

    @Test
    void aPollerThatLacksMemoryAfterTheLastTurnDoesNotFailTheStart() {
        FailingPoller poller = new FailingPoller(Thrown.OUT_OF_MEMORY, FailingPoller.POLL);
        LoopOptions options = LoopOptions.defaults().withPoller(() -> poller);
        try (IOLoop loop = new IOLoop(options)) {
            loop.addCallback(note("last"));
            loop.addCallback(loop::stop);

            loop.start();

            assertThat(ran).containsExactly("last");
        }
    }
}
