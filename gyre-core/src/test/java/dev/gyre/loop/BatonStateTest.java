package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.BatonState.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatonStateTest {

    @ParameterizedTest
    @CsvSource({
        // after RESUMED, START_FAILED, BEGAN, PUT_DOWN, PICKED_UP, TAKEN_BACK, ENDED
        "NEW,       STARTING  -   -         -        -    -         -",
        "STARTING,  -         NEW COROUTINE -        -    -         -",
        "COROUTINE, -         -   -         PUT_DOWN -    -         ENDED",
        "PUT_DOWN,  -         -   -         -        LOOP COROUTINE -",
        "LOOP,      COROUTINE -   -         -        -    -         -",
        "ENDED,     ENDED     -   -         -        -    -         -"
    })
    void eachEventHasItsStateOrThrows(BatonState state, String row) {
        assertThat(PhaseRow.of(state, Event.values(), state::after))
                .isEqualTo(List.of(row.split(" +")));
    }

    @Test
    void theTableHasEveryState() {
        assertThat(BatonState.values()).hasSize(6);
    }
}
