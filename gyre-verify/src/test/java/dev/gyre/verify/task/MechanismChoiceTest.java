package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Which mechanism a process gets, and what it is told about it. Each case in a JVM of its own.
@Timeout(60)
class MechanismChoiceTest {

    private static final String OPENS_TO_CORE = "--add-opens=java.base/java.lang=dev.gyre.core";

    @Test
    void thisSuiteRunsUnderTheForcedMechanism() {
        String forced = System.getProperty("dev.gyre.coroutines", "carrier");

        assertThat(IOLoop.coroutines()).startsWith(forced);
    }

    @Test
    void withTheFlagItIsTheCarrierAndNothingIsSaid() throws Exception {
        FreshJvm jvm = FreshJvm.run(MechanismProgram.class, FreshJvm.OPENS_TO_ALL).succeeded();

        assertThat(jvm.output()).contains("coroutines: carrier", "module: null");
        assertThat(jvm.output().lines()).hasSize(4);
    }

    @Test
    void withoutTheFlagItIsTheBatonAndOneLineNamesTheFlag() throws Exception {
        FreshJvm jvm = FreshJvm.run(MechanismProgram.class).succeeded();

        assertThat(jvm.output()).contains("coroutines: baton");
        assertThat(jvm.linesAboutCoroutines())
                .singleElement()
                .asString()
                .contains("INFO", "--add-opens=java.base/java.lang=ALL-UNNAMED");
    }

    @Test
    void aForcedCarrierWithoutTheFlagFailsAndNamesTheFlag() throws Exception {
        FreshJvm jvm = FreshJvm.run(MechanismProgram.class, FreshJvm.CARRIER).failed();

        assertThat(jvm.output())
                .contains("-Ddev.gyre.coroutines=carrier", "--add-opens=java.base/java.lang=")
                .doesNotContain("coroutines: baton");
    }

    @Test
    void aForcedCarrierWithTheFlagIsTheCarrier() throws Exception {
        FreshJvm jvm =
                FreshJvm.run(MechanismProgram.class, FreshJvm.CARRIER, FreshJvm.OPENS_TO_ALL);

        assertThat(jvm.succeeded().output()).contains("coroutines: carrier");
    }

    @Test
    void aForcedBatonIsTheBatonAlsoWithTheFlagAndNothingIsSaid() throws Exception {
        FreshJvm jvm = FreshJvm.run(MechanismProgram.class, FreshJvm.BATON, FreshJvm.OPENS_TO_ALL);

        assertThat(jvm.succeeded().output()).contains("coroutines: baton", "forced");
        assertThat(jvm.linesAboutCoroutines()).isEmpty();
    }

    @Test
    void anUnknownMechanismFailsAndNamesTheTwo() throws Exception {
        FreshJvm jvm =
                FreshJvm.run(
                        MechanismProgram.class,
                        "-Ddev.gyre.coroutines=fibres",
                        FreshJvm.OPENS_TO_ALL);

        assertThat(jvm.failed().output()).contains("fibres", "use carrier or baton");
    }

    @Test
    void theNamedModuleHasACarrierOfItsOwn() throws Exception {
        FreshJvm jvm = FreshJvm.runModular(MechanismProgram.class, OPENS_TO_CORE).succeeded();

        assertThat(jvm.output()).contains("coroutines: carrier", "module: dev.gyre.core");
        assertThat(jvm.output().lines()).hasSize(4);
    }

    @Test
    void theNamedModuleWithTheFlagForOthersGetsTheBatonAndIsToldWhatIsMissing() throws Exception {
        FreshJvm jvm =
                FreshJvm.runModular(MechanismProgram.class, FreshJvm.OPENS_TO_ALL).succeeded();

        assertThat(jvm.output()).contains("coroutines: baton", "module: dev.gyre.core");
        assertThat(jvm.linesAboutCoroutines()).singleElement().asString().contains("dev.gyre.core");
    }

    @Test
    void theFlagThatWeRecommendWorksForBoth() throws Exception {
        String both = FreshJvm.OPENS_TO_ALL + ",dev.gyre.core";

        assertThat(FreshJvm.run(MechanismProgram.class, both).output())
                .contains("coroutines: carrier");
        assertThat(FreshJvm.runModular(MechanismProgram.class, both).output())
                .contains("coroutines: carrier", "module: dev.gyre.core");
    }

    @Test
    @Tag("carrier")
    void anImageThatIsLinkedWithTheFlagNeedsNoOther(@TempDir Path folder) throws Exception {
        FreshJvm jvm = FreshJvm.runLinked(folder, MechanismProgram.class, OPENS_TO_CORE);

        assertThat(jvm.succeeded().output())
                .contains("coroutines: carrier", "module: dev.gyre.core");
    }

    /// Without continuations the JDK has no carriers to offer, and its own virtual threads are
    /// platform threads: what it answers to the self-test is anything but expected.
    @Test
    @Tag("carrier")
    void aJdkThatFailsTheSelfTestGetsTheBatonAndIsToldWhy() throws Exception {
        String[] without = {
            "-XX:+UnlockExperimentalVMOptions", "-XX:-VMContinuations", FreshJvm.OPENS_TO_ALL
        };
        FreshJvm jvm = FreshJvm.run(MechanismProgram.class, without).succeeded();

        assertThat(jvm.output()).contains("coroutines: baton", "failed the self-test");
        assertThat(jvm.linesAboutCoroutines())
                .singleElement()
                .asString()
                .contains(
                        "INFO",
                        "JDK " + Runtime.version() + " failed the self-test of the carrier: ",
                        "UnsupportedOperationException",
                        "see \"A new JDK\" in docs/coroutines.md");
    }

    /// The thread of the loop would wait for the lock under which a class is loaded, and a
    /// suspended coroutine may hold that.
    @Test
    @Tag("carrier")
    void aLoopThatRunsLoadsNoClassOfItsOwnAnyMore() throws Exception {
        FreshJvm jvm =
                FreshJvm.run(
                                RehearsalProgram.class,
                                FreshJvm.OPENS_TO_ALL,
                                "-Xlog:class+load:stdout")
                        .succeeded();

        assertThat(
                        jvm.output()
                                .lines()
                                .dropWhile(line -> !line.startsWith("from "))
                                .takeWhile(line -> !line.startsWith("to the end")))
                .hasSizeGreaterThan(1)
                .noneMatch(line -> line.contains("] dev.gyre.loop."));
    }

    @Test
    @Tag("carrier")
    void theFirstBlockingSocketInACoroutineDoesNotTieTheSocketsOfTheProcessToItsLoop()
            throws Exception {
        FreshJvm jvm =
                FreshJvm.run(FirstSocketProgram.class, FreshJvm.CARRIER, FreshJvm.OPENS_TO_ALL);

        assertThat(jvm.succeeded().output()).contains("read after the loop was closed: 7");
    }
}
