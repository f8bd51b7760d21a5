package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.gyre.loop.ContextVar;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopSignal;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.LoopExtension;
import dev.gyre.testing.TestLoop;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With the signal for a changed window size, which harms nobody who does not listen.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no kill command")
class SignalsTest {

    private static final String HARMLESS = "WINCH";

    private final List<String> heard = new ArrayList<>();

    private static void raise() throws Exception {
        long self = ProcessHandle.current().pid();
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + HARMLESS + " " + self).start();
        assertThat(kill.waitFor()).isZero();
    }

    @GyreTest
    void aSignalRunsItsCallbackOnTheLoop(TestLoop test) throws Exception {
        List<IOLoop> loops = new ArrayList<>();
        LoopSignal signal = test.loop().onSignal(HARMLESS, () -> loops.add(IOLoop.current()));

        raise();
        test.runUntil(() -> !loops.isEmpty());

        assertThat(loops).containsExactly(test.loop());
        assertThat(signal.name()).isEqualTo(HARMLESS);
        signal.remove();
    }

    @GyreTest
    void aSignalRunsWithTheContextOfWhoeverAskedForIt(TestLoop test) throws Exception {
        ContextVar<String> user = ContextVar.withDefault("nobody");
        test.loop()
                .addCallback(() -> {
                    user.set("anna");
                    test.loop().onSignal(HARMLESS, () -> heard.add(user.get()));
                });
        test.runUntilIdle();

        raise();
        test.runUntil(() -> !heard.isEmpty());

        assertThat(heard).containsExactly("anna");
    }

    @GyreTest
    void aSignalIsDeliveredEachTime(TestLoop test) throws Exception {
        LoopSignal signal = test.loop().onSignal(HARMLESS, () -> heard.add("signal"));

        raise();
        test.runUntil(() -> heard.size() == 1);
        raise();
        test.runUntil(() -> heard.size() == 2);

        assertThat(heard).hasSize(2);
        signal.remove();
    }

    @GyreTest
    void everyListenerOfEveryLoopHearsTheSignal(TestLoop test) throws Exception {
        try (TestLoop other = new TestLoop()) {
            test.loop().onSignal(HARMLESS, () -> heard.add("first"));
            test.loop().onSignal(HARMLESS, () -> heard.add("second"));
            other.loop().onSignal(HARMLESS, () -> heard.add("other"));

            raise();
            test.runUntil(() -> heard.size() == 2);
            other.runUntil(() -> heard.size() == 3);

            assertThat(heard).containsExactly("first", "second", "other");
        }
    }

    @GyreTest
    void aRemovedListenerHearsNothingAndTheOthersStillDo(TestLoop test) throws Exception {
        LoopSignal removed = test.loop().onSignal(HARMLESS, () -> heard.add("removed"));
        test.loop().onSignal(HARMLESS, () -> heard.add("stays"));

        removed.remove();
        removed.remove();
        raise();
        test.runUntil(() -> !heard.isEmpty());

        assertThat(heard).containsExactly("stays");
    }

    @GyreTest
    void aDeliveryOnItsWayIsDroppedWhenTheListenerIsRemoved(TestLoop test) throws Exception {
        List<LoopSignal> second = new ArrayList<>();
        test.loop()
                .onSignal(
                        HARMLESS,
                        () -> {
                            heard.add("first");
                            second.getFirst().remove();
                        });
        second.add(test.loop().onSignal(HARMLESS, () -> heard.add("second")));

        raise();
        test.runUntil(() -> !heard.isEmpty());
        test.runUntilIdle();

        assertThat(heard).containsExactly("first");
    }

    @GyreTest
    void aSignalThatComesWhileTheLoopIsStoppedIsKept(TestLoop test) throws Exception {
        try (TestLoop witness = new TestLoop()) {
            test.loop().onSignal(HARMLESS, () -> heard.add("kept"));
            witness.loop().onSignal(HARMLESS, () -> heard.add("witness"));
            raise();
            witness.runUntil(() -> !heard.isEmpty());

            test.runUntilIdle();

            assertThat(heard).containsExactly("witness", "kept");
        }
    }

    @GyreTest
    void aClosedLoopListensNoMore(TestLoop test) throws Exception {
        IOLoop closed = new IOLoop();
        closed.onSignal(HARMLESS, () -> heard.add("closed"));
        test.loop().onSignal(HARMLESS, () -> heard.add("open"));

        closed.close();
        raise();
        test.runUntil(() -> !heard.isEmpty());

        assertThat(heard).containsExactly("open");
    }

    @GyreTest
    void listeningAgainAfterTheLastListenerWentWorks(TestLoop test) throws Exception {
        test.loop().onSignal(HARMLESS, () -> heard.add("before")).remove();
        test.loop().onSignal(HARMLESS, () -> heard.add("after"));

        raise();
        test.runUntil(() -> !heard.isEmpty());

        assertThat(heard).containsExactly("after");
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "SEGV", "NOSUCH", ""})
    @ExtendWith(LoopExtension.class)
    void aSignalThatCannotBeHeardIsRefused(String name, IOLoop loop) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loop.onSignal(name, () -> {}))
                .withMessageContaining("cannot listen to signal " + name);
    }

    @GyreTest
    void nullIsRefusedAtTheCall(IOLoop loop) {
        assertThatNullPointerException().isThrownBy(() -> loop.onSignal(HARMLESS, null));
    }

    /// Seen from outside, on a process of its own: TERM first runs the callback, and ends the
    /// process once nobody listens any more.
    @GyreTest
    void whatASignalDidBeforeIsInForceAgainWithoutListeners() throws Exception {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Ddev.gyre.coroutines=baton",
                                "-cp",
                                System.getProperty("java.class.path"),
                                HearsOneSignal.class.getName())
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("listening");
            child.toHandle().destroy();
            assertThat(out.readLine()).isEqualTo("heard");

            child.toHandle().destroy();

            assertThat(child.waitFor(GyreTest.SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isEqualTo(128 + 15);
        } finally {
            child.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIGTERM", "term", "sigTerm"})
    void aNameInAnotherFormIsRefusedWithTheOneThatWorks(String name) {
        try (TestLoop test = new TestLoop()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> test.loop().onSignal(name, () -> {}))
                    .withMessageEndingWith("; write \"TERM\"");
        }
    }

    /// Hears TERM once, then goes on without listening.
    static final class HearsOneSignal {

        private HearsOneSignal() {}

        static void main() throws IOException {
            try (IOLoop loop = new IOLoop()) {
                List<LoopSignal> signal = new ArrayList<>();
                signal.add(
                        loop.onSignal(
                                "TERM",
                                () -> {
                                    signal.getFirst().remove();
                                    System.out.println("heard");
                                }));
                loop.addCallback(() -> System.out.println("listening"));
                loop.start();
            }
        }
    }
}
