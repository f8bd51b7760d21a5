package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.PhaseRow;
import dev.gyre.stream.OutputPhase.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputPhaseTest {

    @ParameterizedTest
    @CsvSource({
        // after BYTES_QUEUED, END_QUEUED, TAKEN, REFUSED, END_TOLD, GIVEN_UP
        "OPEN,           OPEN    ENDING         OPEN   HELD_UP        -      FAILED",
        "HELD_UP,        HELD_UP ENDING_HELD_UP OPEN   HELD_UP        -      FAILED",
        "ENDING,         -       ENDING         ENDING ENDING_HELD_UP ENDED  FAILED",
        "ENDING_HELD_UP, -       ENDING_HELD_UP ENDING ENDING_HELD_UP ENDED  FAILED",
        "ENDED,          -       ENDED          ENDED  ENDED          ENDED  ENDED",
        "FAILED,         -       -              FAILED FAILED         FAILED FAILED"
    })
    void eachEventHasItsPhaseOrThrows(OutputPhase phase, String row) {
        assertThat(PhaseRow.of(phase, Event.values(), phase::after))
                .isEqualTo(List.of(row.split(" +")));
    }

    @Test
    void theTableHasEveryPhase() {
        assertThat(OutputPhase.values()).hasSize(6);
    }
}
