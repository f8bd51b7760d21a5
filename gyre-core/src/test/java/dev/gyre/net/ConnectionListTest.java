package dev.gyre.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectionListTest {

    private final ConnectionList list = new ConnectionList();
    private final List<Connection> expected =
            new ArrayList<>(Stream.generate(ConnectionListTest::connection).limit(4).toList());

    /// A connection of nothing, since a list looks at the links alone.
    @SuppressWarnings("NullAway")
    private static Connection connection() {
        return new Connection(null, null, null);
    }

    @BeforeEach
    void fill() {
        expected.forEach(list::add);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void keepsTheOrderOfThoseThatAreLeft(int index) {
        list.remove(expected.remove(index));
        assertThat(list.copy()).isEqualTo(expected);

        Connection late = connection();
        list.add(late);
        expected.add(late);
        assertThat(list.copy()).isEqualTo(expected);
    }

    @Test
    void isEmptyOnceAllAreGone() {
        assertThat(list.isEmpty()).isFalse();

        expected.forEach(list::remove);

        assertThat(list.isEmpty()).isTrue();
        assertThat(list.copy()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void whatWasRemovedKeepsNoneOfTheOthersAlive(int index) {
        Connection removed = expected.get(index);
        list.remove(removed);

        assertThat(removed.before).isNull();
        assertThat(removed.after).isNull();
    }
}
