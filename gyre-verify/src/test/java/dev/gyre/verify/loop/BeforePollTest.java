package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(GyreTest.SECONDS_MAX)
class BeforePollTest {

    private final List<String> ran = new ArrayList<>();

    private Callback note(String name) {
        return () -> ran.add(name);
    }

    @GyreTest
    void hooksRunAfterCallbacksAndTimersOfTheTurn(TestLoop test) {
        test.loop().beforePoll(note("hook"));
        test.loop().callLater(Duration.ZERO, note("timer"));
        test.loop().addCallback(note("callback"));

        test.runUntilIdle();

        assertThat(ran).containsExactly("callback", "timer", "hook");
    }

    @GyreTest
    void aHookAddedByACallbackRunsInTheSameTurnBeforeItsPoll(TestLoop test) {
        IOLoop loop = test.loop();
        loop.addCallback(() -> loop.beforePoll(() -> ran.add("hook in " + turn(loop))));

        test.runUntilIdle();

        assertThat(ran).containsExactly("hook in 1");
    }

    private static long turn(IOLoop loop) {
        return loop.metrics().turns();
    }

    @Test
    void aHookThatQueuesSomethingKeepsThePollFromWaiting() {
        ScriptedPoller kernel = new ScriptedPoller();
        try (IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(() -> kernel))) {
            loop.beforePoll(() -> loop.addCallback(loop::stop));

            loop.start();

            assertThat(kernel.timeouts()).startsWith(0L);
        }
    }

    @GyreTest
    void aHookRunsOnce(TestLoop test) {
        test.loop().beforePoll(note("hook"));

        test.runUntilIdle();
        test.runUntilIdle();

        assertThat(ran).containsExactly("hook");
    }

    @GyreTest
    void hooksRunInTheOrderOfTheCalls(TestLoop test) {
        test.loop().beforePoll(note("first"));
        test.loop().beforePoll(note("second"));

        test.runUntilIdle();

        assertThat(ran).containsExactly("first", "second");
    }

    @GyreTest
    void aHookAddedByAHookWaitsForThePollAfter(TestLoop test) {
        IOLoop loop = test.loop();
        loop.beforePoll(() -> loop.beforePoll(() -> ran.add("second in " + turn(loop))));
        loop.beforePoll(() -> ran.add("first in " + turn(loop)));

        test.runUntilIdle();

        assertThat(ran).containsExactly("first in 1", "second in 2");
    }

    @Test
    void aHookAddedByAHookKeepsThePollFromWaiting() {
        ScriptedPoller poller = new ScriptedPoller();
        try (TestLoop test = new TestLoop(() -> poller, UnaryOperator.identity())) {
            IOLoop loop = test.loop();
            loop.beforePoll(() -> loop.beforePoll(loop::stop));

            loop.start();
        }

        assertThat(poller.timeouts()).containsOnly(0L);
    }

    @GyreTest
    void aHookAddedByAHandlerRunsInTheTurnAfter(TestLoop test) throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        IOLoop loop = test.loop();
        loop.addHandler(
                pipe.source(),
                (channel, events) -> {
                    ran.add("handler " + ChannelBytes.read(channel));
                    loop.beforePoll(note("hook"));
                },
                IOLoop.READ);

        ChannelBytes.write(pipe.sink(), "x");
        test.runUntilIdle();

        assertThat(ran).containsExactly("handler x", "hook");
        pipe.source().close();
        pipe.sink().close();
    }

    @GyreTest
    void aFailingHookIsLoggedAndTheNextOneRuns(TestLoop test, ExpectLog log) {
        log.expect("dev.gyre.application", Level.ERROR, "before-poll hook");
        test.loop()
                .beforePoll(() -> {
                    throw new IOException("hook broke");
                });
        test.loop().beforePoll(note("next"));

        test.runUntilIdle();

        assertThat(ran).containsExactly("next");
    }

    @GyreTest
    void aHookRunsInTheTurnThatStopsTheLoopToo(TestLoop test) {
        test.loop().addCallback(test.loop()::stop);
        test.loop().beforePoll(note("hook"));

        test.loop().start();

        assertThat(ran).containsExactly("hook");
    }

    @GyreTest
    void nullIsRefusedAtTheCall(IOLoop loop) {
        assertThatNullPointerException().isThrownBy(() -> loop.beforePoll(null));
    }
}
