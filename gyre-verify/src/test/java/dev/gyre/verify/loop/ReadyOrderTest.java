package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Handler;
import dev.gyre.loop.IOLoop;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.Pipe.SourceChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several channels ready in one turn, with the test as the kernel.
@Timeout(GyreTest.SECONDS_MAX)
class ReadyOrderTest {

    private final ScriptedPoller kernel = new ScriptedPoller();
    private final List<String> calls = new ArrayList<>();
    private TestLoop test;
    private IOLoop loop;
    private Pipe first;
    private Pipe second;

    @BeforeEach
    void open() throws IOException {
        test = new TestLoop(() -> kernel, UnaryOperator.identity());
        loop = test.loop();
        first = Pipe.open();
        second = Pipe.open();
        first.source().configureBlocking(false);
        second.source().configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        test.close();
        for (Pipe pipe : List.of(first, second)) {
            pipe.source().close();
            pipe.sink().close();
        }
    }

    private Handler<SourceChannel> note(String name) {
        return (channel, events) -> calls.add(name + " " + events);
    }

    @Test
    void handlersRunInThePollersOrder() {
        loop.addHandler(first.source(), note("first"), IOLoop.READ);
        loop.addHandler(second.source(), note("second"), IOLoop.READ);

        kernel.ready(second.source(), IOLoop.READ);
        kernel.ready(first.source(), IOLoop.READ);
        test.runUntilIdle();

        assertThat(calls).containsExactly("second 1", "first 1");
    }

    @Test
    void aHandlerRemovedByAnotherOfTheSameTurnIsNotCalled() {
        loop.addHandler(first.source(), (c, e) -> loop.removeHandler(second.source()), IOLoop.READ);
        loop.addHandler(second.source(), note("second"), IOLoop.READ);

        kernel.ready(first.source(), IOLoop.READ);
        kernel.ready(second.source(), IOLoop.READ);
        test.runUntilIdle();

        assertThat(calls).isEmpty();
    }

    @Test
    void aHandlerReplacedByAnotherOfTheSameTurnDoesNotPassItsReadinessOn() {
        loop.addHandler(
                first.source(),
                (channel, events) -> {
                    loop.removeHandler(second.source());
                    loop.addHandler(second.source(), note("new"), IOLoop.READ);
                },
                IOLoop.READ);
        loop.addHandler(second.source(), note("old"), IOLoop.READ);

        kernel.ready(first.source(), IOLoop.READ);
        kernel.ready(second.source(), IOLoop.READ);
        test.runUntilIdle();

        assertThat(calls).isEmpty();
    }

    @Test
    void aHandlerSilencedByAnotherOfTheSameTurnIsNotCalled() {
        loop.addHandler(
                first.source(),
                (channel, events) -> loop.updateHandler(second.source(), IOLoop.NONE),
                IOLoop.READ);
        loop.addHandler(second.source(), note("second"), IOLoop.READ);

        kernel.ready(first.source(), IOLoop.READ);
        kernel.ready(second.source(), IOLoop.READ);
        test.runUntilIdle();

        assertThat(calls).isEmpty();
        assertThat(kernel.events(second.source())).isEqualTo(IOLoop.NONE);
    }

    @Test
    void aChannelClosedByAnotherHandlerOfTheSameTurnIsNotReported() {
        loop.addHandler(first.source(), (c, e) -> second.source().close(), IOLoop.READ);
        loop.addHandler(second.source(), note("second"), IOLoop.READ);

        kernel.ready(first.source(), IOLoop.READ);
        kernel.ready(second.source(), IOLoop.READ);
        test.runUntilIdle();

        assertThat(calls).isEmpty();
    }

    @Test
    void readinessForARemovedChannelIsDropped() {
        loop.addHandler(first.source(), note("first"), IOLoop.READ);
        kernel.readyInSpiteOfCancel(first.source(), IOLoop.READ);

        loop.removeHandler(first.source());
        test.runUntilIdle();

        assertThat(calls).isEmpty();
        assertThat(kernel.isWatched(first.source())).isFalse();
    }

    @Test
    void readinessOfAnEarlierRegistrationIsNotGivenToTheNextOne() {
        loop.addHandler(first.source(), note("old"), IOLoop.READ);
        kernel.readyInSpiteOfCancel(first.source(), IOLoop.READ);

        loop.removeHandler(first.source());
        loop.addHandler(first.source(), note("new"), IOLoop.READ);
        test.runUntilIdle();

        assertThat(calls).isEmpty();
    }

    @Test
    void readinessThatNobodyAskedForIsDropped() {
        loop.addHandler(first.source(), note("first"), IOLoop.READ);

        kernel.ready(first.source(), IOLoop.WRITE);
        test.runUntilIdle();

        assertThat(calls).isEmpty();
    }

    @Test
    void readinessToldInTwoPartsIsOneCall() {
        loop.addHandler(first.source(), note("first"), IOLoop.READ);

        kernel.ready(first.source(), IOLoop.READ);
        kernel.ready(first.source(), IOLoop.READ);
        test.runUntilIdle();

        assertThat(calls).containsExactly("first 1");
    }

    @Test
    void readinessFoundWhileStoppingIsForgotten() {
        loop.addHandler(first.source(), note("first"), IOLoop.READ);
        loop.addCallback(loop::stop);
        kernel.ready(first.source(), IOLoop.READ);

        loop.start();
        test.runUntilIdle();

        assertThat(calls).isEmpty();
    }

    @Test
    void aStopInOneHandlerLetsTheOthersOfTheTurnRun() {
        loop.addHandler(first.source(), (c, e) -> loop.stop(), IOLoop.READ);
        loop.addHandler(second.source(), note("second"), IOLoop.READ);
        kernel.ready(first.source(), IOLoop.READ);
        kernel.ready(second.source(), IOLoop.READ);

        loop.start();

        assertThat(calls).containsExactly("second 1");
    }
}
