package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.HandlerState.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandlerStateTest {

    @ParameterizedTest
    @CsvSource({
        // after READY, CALL_ENDED, FAILED_AGAIN, PAUSE_OVER, REMOVED
        "WATCHED,  IN_CALL  -       -      -       REMOVED",
        "IN_CALL,  SILENCED WATCHED PAUSED -       REMOVED",
        "SILENCED, SILENCED WATCHED PAUSED -       REMOVED",
        "PAUSED,   PAUSED   PAUSED  -      WATCHED REMOVED",
        "REMOVED,  -        REMOVED -      -       -"
    })
    void eachEventHasItsStateOrThrows(HandlerState state, String row) {
        assertThat(PhaseRow.of(state, Event.values(), state::after))
                .isEqualTo(List.of(row.split(" +")));
    }

    @Test
    void theTableHasEveryState() {
        assertThat(HandlerState.values()).hasSize(5);
    }
}
