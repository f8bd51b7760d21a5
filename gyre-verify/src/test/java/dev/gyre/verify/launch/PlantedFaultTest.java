package dev.gyre.verify.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.verify.launch.PlantedFault.Finder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlantedFaultTest {

    private static final String PATCH =
            """
            Two is taken for three.
            Simulation: simulation/SomeTest.countsToTwo
            Seeds: 50
            Unit test: none, it takes a kernel

            --- a/Some.java
            +++ b/Some.java
            @@ -1,3 +1,3 @@
             one
            -two
            +three

            """;

    @TempDir private Path folder;

    @Test
    void theHeadTellsWhatFindsIt() throws IOException {
        PlantedFault fault = read(PATCH);

        assertThat(fault.name()).isEqualTo("some");
        assertThat(fault.tests())
                .containsExactly("dev.gyre.verify.simulation.SomeTest#countsToTwo");
        assertThat(fault.seeds()).isEqualTo(50);
        assertThat(fault.unitTest()).isEqualTo(new Finder("", "it takes a kernel"));
        assertThat(fault.file()).isEqualTo("Some.java");
    }

    @Test
    void thePlaceIsChangedAndNothingElse() throws IOException {
        assertThat(read(PATCH).plantIn("zero\none\ntwo\n\ntwo\n"))
                .isEqualTo("zero\none\nthree\n\ntwo\n");
    }

    @Test
    void aPlaceThatIsGoneOrThereTwiceIsRefused() throws IOException {
        PlantedFault fault = read(PATCH);

        assertThatThrownBy(() -> fault.plantIn("one\nother\n\n"))
                .hasMessage("the planted fault some does not fit Some.java any more");
        assertThatThrownBy(() -> fault.plantIn("one\ntwo\n\none\ntwo\n\n"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aPatchThatNamesNoTestsOrChangesNothingIsRefused() {
        assertThatThrownBy(() -> read(PATCH.replace("Simulation: ", "")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(PATCH.replace("Unit test: ", "")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(PATCH.replace("-two\n+three\n", "")))
                .isInstanceOf(IOException.class);
    }

    private PlantedFault read(String text) throws IOException {
        return PlantedFault.read(Files.writeString(folder.resolve("some.patch"), text));
    }
}
