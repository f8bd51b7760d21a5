package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.CarrierThreads.Names;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What is told of a JDK that lacks what the carrier needs, or does it otherwise: one line, which
/// names that. Other names and other threads play the other JDK.
class CarrierThreadsTest {

    private static final Names OTHER =
            new Names("java.lang.Thread", "java.lang.Thread", "noScheduler", "sun.nio.ch.NoPoller");

    private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofSeconds(30);

    private static void assertMissing(ThrowingCallable search, String member) {
        assertThatThrownBy(search)
                .isInstanceOf(ReflectiveOperationException.class)
                .hasMessage("JDK " + Runtime.version() + " has no " + member);
    }

    private static void assertFails(CarrierSelfTest test, String what) {
        assertThat(test.run())
                .isEqualTo(
                        "JDK %s failed the self-test of the carrier: %s"
                                .formatted(Runtime.version(), what));
    }

    @Test
    void theNamesOfThisJdkAreFoundAndBehave() {
        assertThat(CarrierThreads.unavailable()).isNull();
        assertThat(CarrierSelfTest.problem()).isNull();
    }

    @Test
    void aClassThatIsGoneIsNamed() {
        Names gone =
                new Names("java.lang.NoBuilder", "java.lang.NoThread", "method", "java.NoPoll");

        assertMissing(gone::findBuilder, "class java.lang.NoBuilder");
        assertMissing(gone::findDefaultScheduler, "class java.lang.NoThread");
        assertMissing(gone::startPollers, "class java.NoPoll");
    }

    @Test
    void aConstructorThatIsGoneIsNamed() {
        assertMissing(OTHER::findBuilder, "constructor java.lang.Thread(Executor)");
    }

    @Test
    void aMethodThatIsGoneIsNamed() {
        assertMissing(
                OTHER::findDefaultScheduler,
                "static method java.lang.Thread.noScheduler() that returns an Executor");
    }

    @Test
    void thatASchedulerIsIgnoredIsTold() {
        CarrierSelfTest test =
                new CarrierSelfTest(
                        (scheduler, name, body) -> Thread.ofVirtual().unstarted(() -> {}),
                        Duration.ZERO);

        assertFails(test, "after a start the scheduler got no continuation");
    }

    @Test
    void thatEachRunHasANewContinuationIsTold() {
        CarrierSelfTest test =
                new CarrierSelfTest(
                        (scheduler, name, body) -> {
                            Executor each =
                                    continuation -> scheduler.execute(new OneRun(continuation));
                            return CarrierThreads.unstarted(each, name, body);
                        },
                        AS_LONG_AS_IT_TAKES);

        assertFails(test, "after an unpark the scheduler got another continuation than before");
    }

    @Test
    void thatAThreadDoesNotSuspendIsTold() {
        CarrierSelfTest test =
                new CarrierSelfTest(
                        (scheduler, name, body) ->
                                CarrierThreads.unstarted(scheduler, name, () -> {}),
                        AS_LONG_AS_IT_TAKES);

        assertFails(test, "a continuation that was run reached nothing instead of park");
    }

    @Test
    void whatTheJdkThrowsIsTold() {
        CarrierSelfTest test =
                new CarrierSelfTest(
                        (scheduler, name, body) -> {
                            throw new UnsupportedOperationException("planned");
                        },
                        AS_LONG_AS_IT_TAKES);

        assertFails(test, "it threw java.lang.UnsupportedOperationException: planned");
    }

    /// A continuation that is another object each time.
    private record OneRun(Runnable continuation) implements Runnable {

        @Override
        public void run() {
            continuation.run();
        }
    }
}
