package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.testing.GyreTest;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(GyreTest.SECONDS_MAX)
class LoopOptionsTest {

    @Test
    void aLoopTakesEverythingFromItsOptions() {
        ScriptedTime clock = new ScriptedTime(42);
        ScriptedPoller poller = new ScriptedPoller();
        RandomGenerator random = new SplittableRandom(1);
        Executor executor = Runnable::run;
        LoopOptions options =
                clock.with(poller).withName("mine").withRandom(random).withExecutor(executor);

        try (IOLoop loop = new IOLoop(options)) {
            assertThat(loop.name()).isEqualTo("mine");
            assertThat(loop.time()).isEqualTo(42);
            assertThat(loop.random()).isSameAs(random);
        }
        assertThat(poller.isClosed()).isTrue();
    }

    @Test
    void changingACopyLeavesTheOriginalAlone() {
        LoopOptions named = LoopOptions.defaults().withName("named");

        LoopOptions renamed = named.withName("renamed");

        try (IOLoop first = new IOLoop(named);
                IOLoop second = new IOLoop(renamed)) {
            assertThat(List.of(first.name(), second.name())).containsExactly("named", "renamed");
        }
    }

    @Test
    void byDefaultEachLoopHasAGeneratorOfItsOwn() {
        try (IOLoop first = new IOLoop();
                IOLoop second = new IOLoop()) {
            assertThat(first.random()).isNotSameAs(second.random());
        }
    }

    @Test
    void theSystemsClockIsTheDefault() {
        try (IOLoop loop = new IOLoop()) {
            long before = System.nanoTime();
            long time = loop.time();

            assertThat(time - before).isNotNegative();
            assertThat(System.nanoTime() - time).isNotNegative();
        }
    }

    @Test
    void nullIsRefusedAtTheCall() {
        LoopOptions options = LoopOptions.defaults();

        assertThatNullPointerException().isThrownBy(() -> options.withName(null));
        assertThatNullPointerException().isThrownBy(() -> options.withUncaughtHandler(null));
        assertThatNullPointerException().isThrownBy(() -> options.withTimeSource(null));
        assertThatNullPointerException().isThrownBy(() -> options.withPoller(null));
        assertThatNullPointerException().isThrownBy(() -> options.withRandom(null));
        assertThatNullPointerException().isThrownBy(() -> options.withExecutor(null));
    }

    @Test
    void anOpenerThatGivesNoPollerIsRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> new IOLoop(LoopOptions.defaults().withPoller(() -> null)));
    }
}
