package dev.gyre.verify.structure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.testing.SimTest;
import dev.gyre.verify.launch.PlantedFault;
import dev.gyre.verify.launch.PlantedFault.Finder;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The faults that `./gyre mutants` plants fit the sources as they are, and name tests that exist.
class MutantsTest {

    static List<Path> patches() throws IOException {
        try (Stream<Path> files = Files.list(Repository.ROOT.resolve("gyre-verify/src/mutants"))) {
            return files.sorted().toList();
        }
    }

    private static Method method(Finder finder) throws ClassNotFoundException {
        String[] parts = finder.test().split("#", 2);
        return Arrays.stream(Class.forName(parts[0]).getDeclaredMethods())
                .filter(method -> method.getName().equals(parts[1]))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no test " + finder.test()));
    }

    @ParameterizedTest
    @MethodSource("patches")
    void thePatchFits(Path patch) throws Exception {
        PlantedFault fault = PlantedFault.read(patch);
        String source = Files.readString(Repository.ROOT.resolve(fault.file()));

        assertThat(fault.plantIn(source)).isNotEqualTo(source);
    }

    @ParameterizedTest
    @MethodSource("patches")
    void somethingIsToFindIt(Path patch) throws Exception {
        PlantedFault fault = PlantedFault.read(patch);

        assertThat(fault.simulation().isTest() || fault.unitTest().isTest()).isTrue();
        for (Finder finder : List.of(fault.simulation(), fault.unitTest())) {
            if (finder.isTest()) {
                assertThat(method(finder)).isNotNull();
            } else {
                assertThat(finder.reason()).isNotBlank();
            }
        }
    }

    /// Simulations must say within how many seeds they find it.
    @ParameterizedTest
    @MethodSource("patches")
    void theSeedsAreStated(Path patch) throws Exception {
        PlantedFault fault = PlantedFault.read(patch);
        Finder finder = fault.simulation();

        assertThat(fault.seeds() > 0)
                .isEqualTo(finder.isTest() && method(finder).isAnnotationPresent(SimTest.class));
    }

    @ParameterizedTest
    @MethodSource("patches")
    void theUnitTestIsNoSimulation(Path patch) throws Exception {
        Finder finder = PlantedFault.read(patch).unitTest();

        assertThat(finder.isTest() && method(finder).isAnnotationPresent(SimTest.class)).isFalse();
    }
}
