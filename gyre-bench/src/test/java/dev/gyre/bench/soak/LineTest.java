package dev.gyre.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LineTest {

    @Test
    void isReadAsItWasWritten() {
        for (int number = 0; number < 1000; number++) {
            Line line = new Line(number % 7, number);

            assertThat(Line.parse(line.text())).isEqualTo(line);
            assertThat(line.size()).isEqualTo((line.text() + "\n").length());
        }
    }

    @Test
    void oneMissingCharacterIsNoticed() {
        String text = new Line(3, 14).text();

        for (int i = 0; i < text.length(); i++) {
            assertThat(Line.parse(text.substring(0, i) + text.substring(i + 1))).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3:14", "3 14 abc", ":: abc", "99999999999:1 abcdefghijkl"})
    void whatNobodyWroteIsNoLine(String text) {
        assertThat(Line.parse(text)).isNull();
    }

    @Test
    void partsOfTwoLinesAreNoLine() {
        String begun = new Line(3, 14).text().substring(0, 9);

        assertThat(Line.parse(begun + new Line(4, 15).text())).isNull();
    }
}
