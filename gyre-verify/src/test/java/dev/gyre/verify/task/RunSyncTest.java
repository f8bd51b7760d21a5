package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;

/// The loop for as long as one task lasts. On the real clock, since the loop is not driven here.
class RunSyncTest {

    private final IOLoop loop = new IOLoop();

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    @GyreTest
    void itGivesTheValueOfABodyThatDoesNotWait() {
        assertThat(loop.runSync(() -> 42)).isEqualTo(42);
    }

    @GyreTest
    void itGivesTheValueOfABodyThatWaits() {
        int value =
                loop.runSync(() -> {
                    Task.sleep(Duration.ofMillis(1));
                    return 42;
                });

        assertThat(value).isEqualTo(42);
    }

    @GyreTest
    void theValueMayBeNull() {
        assertThat(loop.<Object>runSync(() -> null)).isNull();
    }

    @GyreTest
    void itThrowsWhatTheBodyThrowsAtOnce() {
        GeneralSecurityException failure = new GeneralSecurityException("early");

        assertThatThrownBy(() ->
                        loop.runSync(() -> {
                            throw failure;
                        }))
                .isSameAs(failure);
    }

    @GyreTest
    void itThrowsWhatTheBodyThrowsAfterAWait() {
        Exception failure = new Exception("late");

        assertThatThrownBy(() ->
                        loop.runSync(() -> {
                            Task.pause();
                            throw failure;
                        }))
                .isSameAs(failure);
    }

    @GyreTest
    void insideTheLoopIsTheCurrentOne() {
        IOLoop seen = loop.runSync(IOLoop::current);

        assertThat(seen).isSameAs(loop);
    }

    @GyreTest
    void itCanBeRepeated() {
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int value = i;
            values.add(
                    loop.runSync(() -> {
                        Task.pause();
                        return value;
                    }));
        }

        assertThat(values).containsExactly(0, 1, 2);
    }

    @GyreTest
    void itCanBeRepeatedAfterAFailure() {
        assertThatThrownBy(() ->
                        loop.runSync(() -> {
                            throw new GeneralSecurityException("x");
                        }))
                .isInstanceOf(GeneralSecurityException.class);

        assertThat(loop.runSync(() -> "fine")).isEqualTo("fine");
    }

    @GyreTest
    void whatWasBegunBeforeGoesOnInTheNextOne() {
        LoopFuture<String> result = loop.runSync(() -> loop.spawn("later", this::twoPauses));

        assertThat(loop.<String>runSync(() -> result.await())).isEqualTo("done");
    }

    private String twoPauses() {
        Task.pause();
        Task.pause();
        return "done";
    }

    @GyreTest
    void nestedInATaskItIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> loop.runSync(() -> loop.runSync(() -> 1)))
                .withMessageContaining("running");
    }

    @GyreTest
    void onAnotherLoopWithinATaskItIsRefusedToo() {
        try (IOLoop other = new IOLoop()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> loop.runSync(() -> other.runSync(() -> 1)))
                    .withMessageContaining("virtual thread");
            assertThat(other.tasks()).isEmpty();
        }
    }

    @GyreTest
    void aStopBeforeTheEndIsToldAndCancelsTheTask() {
        List<String> seen = new ArrayList<>();

        assertThatIllegalStateException()
                .isThrownBy(() ->
                        loop.runSync(() -> {
                            loop.stop();
                            try {
                                Task.sleep(Play.HOUR);
                            } catch (CancellationException e) {
                                seen.add("cancelled");
                                throw e;
                            }
                            return 1;
                        }))
                .withMessageContaining("stopped before");

        loop.runSync(this::twoPauses);
        assertThat(seen).containsExactly("cancelled");
        assertThat(loop.tasks()).isEmpty();
    }

    @GyreTest
    void aStopInTheTurnInWhichTheBodyReturnsDoesNotMatter() {
        int value =
                loop.runSync(() -> {
                    loop.stop();
                    return 42;
                });

        assertThat(value).isEqualTo(42);
    }

    @GyreTest
    void aStopInTheTurnInWhichTheBodyReturnsDoesNotEndTheNextRun() {
        loop.runSync(() -> {
            loop.stop();
            return 42;
        });

        assertThat(loop.runSync(this::twoPauses)).isEqualTo("done");
    }

    @GyreTest
    void aTaskThatWasStoppedDoesNotEndTheNextRunWhenItEnds() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        loop.runSync(() -> {
                            loop.stop();
                            Task.pause();
                            return 1;
                        }));

        assertThat(loop.runSync(this::twoPauses)).isEqualTo("done");
    }

    @GyreTest
    void aStopBeforeItMakesItEndWithoutABegin() {
        List<String> began = new ArrayList<>();
        loop.stop();

        assertThatIllegalStateException()
                .isThrownBy(() -> loop.runSync(() -> began.add("began")))
                .withMessageContaining("stopped before");

        assertThat(loop.runSync(this::twoPauses)).isEqualTo("done");
        assertThat(began).isEmpty();
    }

    @GyreTest
    void aTimeOutIsADeadlineAroundTheBody() {
        List<String> seen = new ArrayList<>();

        assertThatExceptionOfType(DeadlineExceededException.class)
                .isThrownBy(() ->
                        loop.runSync(() ->
                                Task.withDeadline(
                                        Duration.ofMillis(1),
                                        () -> {
                                            try {
                                                Task.sleep(Play.HOUR);
                                            } finally {
                                                seen.add("cleaned up");
                                            }
                                            return 1;
                                        })))
                .withMessageContaining("1 ms");

        assertThat(seen).containsExactly("cleaned up");
        assertThat(loop.metrics().timers()).isZero();
    }

    @GyreTest
    void aBodyInTimeLeavesNoTimerBehind() {
        loop.runSync(() -> Task.withDeadline(Play.HOUR, this::twoPauses));

        assertThat(loop.metrics().timers()).isZero();
    }

    @GyreTest
    void aClosedLoopRefuses() {
        loop.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> loop.runSync(() -> 1))
                .withMessageContaining("closed");
    }

    @GyreTest
    void onAVirtualThreadItIsRefusedAndNothingIsSpawned() throws InterruptedException {
        List<Throwable> thrown = new ArrayList<>();
        Thread.ofVirtual()
                .start(() ->
                        assertThatIllegalStateException()
                                .isThrownBy(() -> loop.runSync(() -> 1))
                                .satisfies(thrown::add))
                .join();

        assertThat(thrown)
                .singleElement()
                .satisfies(each ->
                        assertThat(each).hasMessageContainingAll("virtual thread", "platform"));
        assertThat(loop.tasks()).isEmpty();
    }
}
