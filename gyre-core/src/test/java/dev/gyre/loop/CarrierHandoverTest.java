package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.CarrierHandover.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarrierHandoverTest {

    @ParameterizedTest
    @CsvSource({
        // after RESUMED, HANDED_OVER, TAKEN
        "NONE,  ASKED NONE  -",
        "ASKED, -     GIVEN NONE",
        "GIVEN, -     GIVEN NONE"
    })
    void eachEventHasItsStateOrThrows(CarrierHandover state, String row) {
        assertThat(PhaseRow.of(state, Event.values(), state::after))
                .isEqualTo(List.of(row.split(" +")));
    }

    @Test
    void theTableHasEveryState() {
        assertThat(CarrierHandover.values()).hasSize(3);
    }
}
