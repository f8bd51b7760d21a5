package dev.gyre.verify.structure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.verify.launch.PlantedFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The faults that `./gyre mutants` plants fit the sources as they are.
class MutantsTest {

    static List<Path> patches() throws IOException {
        try (Stream<Path> files = Files.list(Repository.ROOT.resolve("gyre-verify/src/mutants"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("patches")
    void thePatchFits(Path patch) throws Exception {
        PlantedFault fault = PlantedFault.read(patch);
        String source = Files.readString(Repository.ROOT.resolve(fault.file()));

        assertThat(fault.plantIn(source)).isNotEqualTo(source);
        assertThat(Class.forName(fault.tests())).isNotNull();
    }

    /// Simulations must say within how many seeds they find it.
    @ParameterizedTest
    @MethodSource("patches")
    void theSeedsAreStated(Path patch) throws IOException {
        PlantedFault fault = PlantedFault.read(patch);

        assertThat(fault.seeds() > 0).isEqualTo(fault.tests().endsWith("InSimulationTest"));
    }
}
