package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.PhaseRow;
import dev.gyre.stream.TlsTransportIntake.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsTransportIntakeTest {

    @ParameterizedTest
    @CsvSource({
        // after RECORD_OPENED, FOUND_SHORT, BORROWED, STEP_ENDED, STARTED_OVER
        "KEPT,       KEPT KEPT_SHORT -          KEPT       KEPT",
        "KEPT_SHORT, KEPT KEPT_SHORT LENT_SHORT KEPT_SHORT KEPT",
        "LENT,       LENT LENT_SHORT -          KEPT       -",
        "LENT_SHORT, LENT LENT_SHORT -          KEPT_SHORT -"
    })
    void eachEventHasItsIntakeOrThrows(TlsTransportIntake intake, String row) {
        assertThat(PhaseRow.of(intake, Event.values(), intake::after))
                .isEqualTo(List.of(row.split(" +")));
    }

    @Test
    void theTableHasEveryIntake() {
        assertThat(TlsTransportIntake.values()).hasSize(4);
    }
}
