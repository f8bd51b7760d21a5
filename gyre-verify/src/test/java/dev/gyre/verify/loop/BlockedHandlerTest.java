package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A handler that a call of the JDK holds up, while the loop goes on, with the test as the kernel.
@Tag("carrier")
@Timeout(GyreTest.SECONDS_MAX)
class BlockedHandlerTest {

    private final ScriptedPoller kernel = new ScriptedPoller();
    private final Semaphore gate = new Semaphore(0);
    private TestLoop test;
    private Pipe pipe;
    private int calls;

    @BeforeEach
    void blockTheFirstCall() throws IOException {
        test = new TestLoop(() -> kernel, UnaryOperator.identity());
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        test.loop()
                .addHandler(
                        pipe.source(),
                        (channel, events) -> {
                            calls++;
                            gate.acquireUninterruptibly();
                        },
                        IOLoop.READ);
        getReady();
    }

    @AfterEach
    void close() throws IOException {
        gate.release(calls);
        test.close();
        pipe.source().close();
        pipe.sink().close();
    }

    private void getReady() {
        kernel.ready(pipe.source(), IOLoop.READ);
        test.runUntilIdle();
    }

    private int watched() {
        return kernel.events(pipe.source());
    }

    @Test
    void itIsNotCalledAgainDuringTheCall() {
        getReady();

        assertThat(calls).isEqualTo(1);
        assertThat(watched()).isEqualTo(IOLoop.NONE);
    }

    @Test
    void itIsCalledAgainForWhatCameMeanwhile() {
        getReady();
        gate.release();
        test.runUntilIdle();

        assertThat(watched()).isEqualTo(IOLoop.READ);
        getReady();
        assertThat(calls).isEqualTo(2);
    }

    /// The mask of the moment in which it returns counts.
    @Test
    void whatItWaitsForCanBeChangedDuringTheCall() {
        getReady();
        test.loop().updateHandler(pipe.source(), IOLoop.NONE);
        gate.release();
        test.runUntilIdle();

        assertThat(watched()).isEqualTo(IOLoop.NONE);
    }

    @Test
    void itCanBeRemovedDuringTheCall() {
        getReady();
        test.loop().removeHandler(pipe.source());
        gate.release();
        test.runUntilIdle();

        assertThat(kernel.isWatched(pipe.source())).isFalse();
        assertThat(calls).isEqualTo(1);
    }
}
