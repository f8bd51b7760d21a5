package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.testing.GyreTest;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A signal that a loop cannot hear, and one more. A loop beside it, in the same process, tells
/// that a signal has come.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no kill command")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // Reading a pipe has no time-out.
class SecondSignalTest {

    private static final int TERMINATED = 128 + 15;

    @GyreTest
    void theSecondThatAComputingLoopDoesNotHearEndsTheProcessWithItsStack() throws Exception {
        try (ChildJvm child = ChildJvm.start(Computes.class)) {
            assertThat(child.nextLine()).isEqualTo("computing");
            child.terminate();
            assertThat(child.nextLine()).isEqualTo("a signal has come");

            child.terminate();

            assertThat(child.exitStatus()).isEqualTo(TERMINATED);
            assertThat(child.lines())
                    .anySatisfy(line -> assertThat(line).contains("TERM", "busy-loop"))
                    .anySatisfy(line -> assertThat(line).contains("Computes.computeForEver"))
                    .doesNotContain("heard");
        }
    }

    @GyreTest
    void theSecondIsDeliveredIfTheLoopHasBegunWithTheFirst() throws Exception {
        try (ChildJvm child = ChildJvm.start(HearsTwo.class)) {
            assertThat(child.nextLine()).isEqualTo("listening");
            child.terminate();
            assertThat(child.nextLine()).isEqualTo("first");

            child.terminate();

            assertThat(child.nextLine()).isEqualTo("second");
            assertThat(child.exitStatus()).isZero();
        }
    }

    @GyreTest
    void aLoopThatIsStoppedKeepsBoth() throws Exception {
        try (ChildJvm child = ChildJvm.start(StartsLate.class)) {
            assertThat(child.nextLine()).isEqualTo("listening");
            child.terminate();
            assertThat(child.nextLine()).isEqualTo("a signal has come");

            child.terminate();

            assertThat(child.lines())
                    .containsExactly("a signal has come", "kept", "kept", "stopped");
            assertThat(child.exitStatus()).isZero();
        }
    }

    private static void startWitness(Semaphore come, String text) throws InterruptedException {
        Semaphore listening = new Semaphore(0);
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    IOLoop witness = new IOLoop();
                    witness.onSignal(
                            "TERM",
                            () -> {
                                System.out.print(text);
                                come.release();
                            });
                    witness.addCallback(listening::release);
                    witness.start();
                });
        listening.acquire();
    }

    /// Computes until it is killed.
    static final class Computes {

        private Computes() {}

        static void main() throws InterruptedException {
            startWitness(new Semaphore(0), "a signal has come\n");
            try (IOLoop loop =
                    new IOLoop(dev.gyre.loop.LoopOptions.defaults().withName("busy-loop"))) {
                loop.onSignal("TERM", () -> System.out.println("heard"));
                loop.addCallback(Computes::computeForEver);
                loop.start();
            }
        }

        private static void computeForEver() {
            System.out.println("computing");
            while (true) {
                Thread.onSpinWait();
            }
        }
    }

    /// A program that is busy with the first signal while the second comes.
    static final class HearsTwo {

        private static final Semaphore COME = new Semaphore(0);

        private HearsTwo() {}

        static void main() throws InterruptedException {
            startWitness(COME, "");
            try (IOLoop loop = new IOLoop()) {
                int[] heard = {0};
                loop.onSignal(
                        "TERM",
                        () -> {
                            heard[0]++;
                            if (heard[0] == 1) {
                                System.out.println("first");
                                computeUntilBothHaveCome();
                            } else {
                                System.out.println("second");
                                loop.stop();
                            }
                        });
                loop.addCallback(() -> System.out.println("listening"));
                loop.start();
            }
        }

        private static void computeUntilBothHaveCome() {
            while (COME.availablePermits() < 2) {
                Thread.onSpinWait();
            }
        }
    }

    /// Starts its loop when the JVM is done with both signals.
    static final class StartsLate {

        private static final Semaphore COME = new Semaphore(0);

        private StartsLate() {}

        static void main() throws InterruptedException {
            startWitness(COME, "a signal has come\n");
            try (IOLoop loop = new IOLoop()) {
                int[] heard = {0};
                loop.onSignal(
                        "TERM",
                        () -> {
                            System.out.println("kept");
                            if (++heard[0] == 2) {
                                loop.stop();
                            }
                        });
                System.out.println("listening");
                COME.acquire(2);
                for (Thread each : Thread.getAllStackTraces().keySet()) {
                    if (each.getName().equals("SIGTERM handler")) {
                        each.join();
                    }
                }
                loop.start();
                System.out.println("stopped");
            }
        }
    }
}
