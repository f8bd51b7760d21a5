package dev.gyre.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PinningTest {

    @Test
    void theServerHasOneCoreAndTheLoadTheOther() {
        Pinning pinning = new Pinning(List.of(4, 6));

        assertThat(pinning.forServer(List.of("true")))
                .containsExactly("taskset", "-c", "6", "true");
        assertThat(pinning).hasToString("server on core 6, load on core 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pid 4711's current affinity list: ", "0-6:2"})
    void whatIsNoListOfCoresNamesNone(String answer) {
        assertThat(Pinning.allowed(answer)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "'0,1',0 1", "4-6,4 5 6", "'1,3-4,9',1 3 4 9"})
    void coresAreThoseThatTheProcessMayUse(String told, String cores) {
        List<Integer> expected = Arrays.stream(cores.split(" ")).map(Integer::valueOf).toList();

        assertThat(Pinning.allowed("pid 4711's current affinity list: " + told + "\n"))
                .isEqualTo(expected);
    }
}
