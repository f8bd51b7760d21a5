package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.testing.GyreTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which loop is current where, and what loops and their threads are called.
@Timeout(GyreTest.SECONDS_MAX)
class CurrentLoopTest {

    private final List<Object> seen = new ArrayList<>();
    private final IOLoop loop = new IOLoop(LoopOptions.defaults().withName("a loop"));

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private void runOnce() {
        loop.addCallback(loop::stop);
        loop.start();
    }

    @Test
    void aLoopIsCurrentWhileItRunsAndOnlyThen() {
        for (int i = 0; i < 3; i++) {
            assertThat(IOLoop.current()).isSameAs(IOLoop.instance());
            loop.addCallback(() -> seen.add(IOLoop.current()));
            runOnce();
        }

        assertThat(seen).containsExactly(loop, loop, loop);
        assertThat(IOLoop.current()).isSameAs(IOLoop.instance());
    }

    @Test
    void eachThreadHasItsOwnCurrentLoop() throws Exception {
        IOLoop other = new IOLoop();
        try (LoopOnThread running = LoopOnThread.start(other)) {
            running.run(() -> seen.add(IOLoop.current()));
            loop.addCallback(() -> seen.add(IOLoop.current()));
            runOnce();
        }

        assertThat(seen).containsExactly(other, loop);
    }

    /// A callback runs in a coroutine, which cannot carry those of another loop.
    @Test
    void aLoopCannotBeStartedWithinACallbackOfAnother() {
        List<Throwable> refusals = new ArrayList<>();
        try (IOLoop inner = new IOLoop()) {
            loop.addCallback(() -> refusals.add(catchThrowable(inner::start)));

            runOnce();
        }

        assertThat(refusals)
                .singleElement()
                .satisfies(refusal ->
                        assertThat(refusal)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("callback or task"));
    }

    @Test
    void theInstanceIsOneAndTheSameForAllThreads() throws InterruptedException {
        Thread thread = new Thread(() -> seen.add(IOLoop.instance()));
        thread.start();
        thread.join();

        assertThat(seen).containsExactly(IOLoop.instance());
    }

    @Test
    void aClosedInstanceIsMadeAnew() {
        IOLoop first = IOLoop.instance();
        first.close();

        IOLoop second = IOLoop.instance();

        assertThat(second).isNotSameAs(first);
        second.addCallback(second::stop);
        second.start();
    }

    @Test
    void theThreadBearsTheNameOfTheLoopWhileItRuns() {
        String before = Thread.currentThread().getName();
        loop.addCallback(() -> seen.add(Thread.currentThread().getName()));

        runOnce();

        assertThat(seen).containsExactly("a loop");
        assertThat(Thread.currentThread().getName()).isEqualTo(before);
    }

    @Test
    void loopsWithoutANameAreNumbered() {
        try (IOLoop first = new IOLoop();
                IOLoop second = new IOLoop()) {
            assertThat(first.name()).matches("loop-\\d+");
            assertThat(second.name()).matches("loop-\\d+").isNotEqualTo(first.name());
        }
    }

    @Test
    void aLoopSaysItsName() {
        assertThat(loop).hasToString("IOLoop[a loop]");
        assertThat(loop.name()).isEqualTo("a loop");
    }

    @Test
    void aBlankNameIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> LoopOptions.defaults().withName(" "));
    }
}
