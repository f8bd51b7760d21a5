package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A row of the table of an enum of states, as the enum has it.
public final class PhaseRow {

    private PhaseRow() {}

    /// Returns the names of the states after each of the events, and `-` for an event that throws,
    /// naming itself and the state.
    public static <S extends Enum<S>, E extends Enum<E>> List<String> of(
            S state, E[] events, Function<E, S> after) {
        List<String> row = new ArrayList<>();
        for (E event : events) {
            row.add(next(state, event, after));
        }
        return row;
    }

    private static <S extends Enum<S>, E extends Enum<E>> String next(
            S state, E event, Function<E, S> after) {
        try {
            return after.apply(event).name();
        } catch (IllegalStateException e) {
            assertThat(e.getMessage().split(" ")).contains(state.name(), event.name());
            return "-";
        }
    }
}
