package dev.gyre.examples;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DiagnosisTest {

    private static final String EPOLL = "sun.nio.ch.EPollSelectorImpl";

    private static final Mechanism CARRIER = new Mechanism("carrier (because)");

    private static Machine machine(int java, String poller, long softMax, long hardMax) {
        return machine(java, poller, CARRIER, softMax, hardMax);
    }

    private static Machine machine(Mechanism mechanism) {
        return machine(25, EPOLL, mechanism, 20_000, 20_000);
    }

    private static Machine machine(
            int java, String poller, Mechanism mechanism, long softMax, long hardMax) {
        return new Machine(
                java,
                java + ".0.1+7",
                "Some Vendor",
                "/opt/jdk",
                "Linux 6.1 amd64",
                poller,
                mechanism,
                OptionalLong.of(softMax),
                OptionalLong.of(hardMax),
                2,
                512L << 20);
    }

    @Test
    void tellsWhatThereIs() {
        Diagnosis diagnosis = Diagnosis.of(machine(25, EPOLL, 20_000, 1_048_576));

        assertThat(diagnosis.isHealthy()).isTrue();
        assertThat(diagnosis.lines())
                .containsExactly(
                        "JDK         25.0.1+7 by Some Vendor, in /opt/jdk",
                        "system      Linux 6.1 amd64",
                        "poller      epoll",
                        "coroutines  carrier (because)",
                        "open files  at most 20,000, hard limit 1,048,576",
                        "processors  2",
                        "heap        at most 512 MiB",
                        "All is well.");
    }

    @ParameterizedTest
    @CsvSource({
        "sun.nio.ch.KQueueSelectorImpl, kqueue",
        "sun.nio.ch.WEPollSelectorImpl, wepoll",
        "sun.nio.ch.EPollSelectorImpl, epoll",
    })
    void namesThePoller(String type, String name) {
        Diagnosis diagnosis = Diagnosis.of(machine(25, type, 20_000, 20_000));

        assertThat(diagnosis.findings()).contains("poller      " + name);
        assertThat(diagnosis.isHealthy()).isTrue();
    }

    @Test
    void aPollerThatFailsIsAProblem() {
        Diagnosis diagnosis = Diagnosis.of(machine(25, "failed: no files", 20_000, 20_000));

        assertThat(diagnosis.problems())
                .containsExactly("The poller cannot be opened, so no loop can run.");
    }

    @Test
    void aSlowPollerIsAProblem() {
        Diagnosis diagnosis =
                Diagnosis.of(machine(25, "sun.nio.ch.PollSelectorImpl", 20_000, 20_000));

        assertThat(diagnosis.problems()).hasSize(1);
        assertThat(diagnosis.findings()).contains("poller      sun.nio.ch.PollSelectorImpl");
    }

    @Test
    void anOldJdkIsAProblem() {
        Diagnosis diagnosis = Diagnosis.of(machine(24, EPOLL, 20_000, 20_000));

        assertThat(diagnosis.lines().getLast())
                .startsWith("Wrong: Gyre needs JDK 25 or newer;")
                .endsWith("let JAVA_HOME name it.");
    }

    @Test
    void aLowLimitThatTheUserMayRaiseIsAProblemWithACommand() {
        Diagnosis diagnosis = Diagnosis.of(machine(25, EPOLL, 10_199, 10_200));

        assertThat(diagnosis.problems())
                .containsExactly(
                        "At most 10,199 files may be open, too few for 10,000 connections;"
                                + " run `ulimit -n 10200` before.");
        assertThat(Diagnosis.of(machine(25, EPOLL, 10_200, 10_200)).isHealthy()).isTrue();
    }

    @Test
    void aLowHardLimitIsAProblemForTheAdministrator() {
        Diagnosis diagnosis = Diagnosis.of(machine(25, EPOLL, 1024, 4096));

        assertThat(diagnosis.problems())
                .containsExactly(
                        "At most 1,024 files may be open, too few for 10,000 connections; have the"
                                + " hard limit raised (limits.conf, LimitNOFILE=, `ulimit -Hn`).");
    }

    @Test
    void theBatonCouldBeBetterAndIsNoProblem() {
        Mechanism baton = new Mechanism("baton (start java with --add-opens=...)");

        Diagnosis diagnosis = Diagnosis.of(machine(baton));

        assertThat(diagnosis.isHealthy()).isTrue();
        assertThat(diagnosis.findings()).contains("coroutines  " + baton.explanation());
        assertThat(diagnosis.lines())
                .endsWith(
                        "Could be better: Coroutines are slower than they could be, and one that"
                                + " blocks in a JDK call holds up its loop; start java with"
                                + " --add-opens=java.base/java.lang=ALL-UNNAMED (on the module"
                                + " path, =dev.gyre.core).",
                        "Nothing is wrong.");
    }

    @Test
    void noMechanismIsAProblem() {
        Diagnosis diagnosis = Diagnosis.of(machine(new Mechanism("failed: not here")));

        assertThat(diagnosis.problems())
                .singleElement(as(STRING))
                .startsWith("Coroutines do not work; ");
    }

    @Test
    void readsTheMachineItRunsOn() {
        Machine machine = Machine.current();

        assertThat(machine.javaFeature()).isGreaterThanOrEqualTo(25);
        assertThat(machine.poller()).contains("SelectorImpl");
        assertThat(machine.mechanism().explanation()).startsWith("carrier ");
        assertThat(machine.processors()).isPositive();
        assertThat(machine.heapBytesMax()).isPositive();
    }
}
