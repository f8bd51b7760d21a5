package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.CarrierLife.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarrierLifeTest {

    @ParameterizedTest
    @CsvSource({
        // after STARTED, RESUMED, WENT_ON
        "NEW,   BEGUN -   -",
        "BEGUN, -     DUE BEGUN",
        "DUE,   -     DUE BEGUN"
    })
    void eachEventHasItsLifeOrThrows(CarrierLife life, String row) {
        assertThat(PhaseRow.of(life, Event.values(), life::after))
                .isEqualTo(List.of(row.split(" +")));
    }

    @Test
    void theTableHasEveryLife() {
        assertThat(CarrierLife.values()).hasSize(3);
    }
}
