package dev.gyre.verify.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.verify.launch.Outcome;
import dev.gyre.verify.launch.Trials;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each trial for a moment, under the mechanism of coroutines that the tests run with. For longer,
/// `./gyre trial`.
class TrialsTest {

    private static final long SECONDS = 1;

    @ParameterizedTest
    @EnumSource
    void theLoopGoesOnAndBreaksNobody(Trial trial, @TempDir Path folder) throws Exception {
        String mechanism = System.getProperty("dev.gyre.coroutines");

        Outcome outcome = Trials.run(trial, mechanism, SECONDS, folder.resolve("log"));

        assertThat(outcome.isGood()).as(outcome.text()).isTrue();
    }
}
