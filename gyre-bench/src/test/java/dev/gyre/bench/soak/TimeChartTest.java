package dev.gyre.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The axes of the charts have room for all figures, and marks that a person would choose.
final class TimeChartTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5.3 | 0.0, 2.0, 4.0, 6.0",
                "362 | 0.0, 100.0, 200.0, 300.0, 400.0",
                "2.9 | 0.0, 1.0, 2.0, 3.0",
                "0.27 | 0.0, 0.1, 0.2, 0.3",
                "10 | 0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0",
                "0 | 0.0, 0.2",
            })
    void theMarksAreRoundAndNoLineIsOnTheEdge(double greatest, String marks) {
        Axis axis = Axis.linear(List.of(greatest / 2, greatest));

        assertThat(axis.marks()).hasToString("[" + marks + "]");
        assertThat(axis.part(0)).isZero();
        assertThat(axis.part(greatest)).isLessThan(1);
        assertThat(axis.part(axis.marks().getLast())).isEqualTo(1);
    }

    @Test
    void decadesAreOfTheSameHeight() {
        Axis axis = Axis.logarithmic(List.of(0.0, 0.03, 70.0));

        assertThat(axis.marks()).containsExactly(0.01, 0.1, 1.0, 10.0, 100.0);
        assertThat(axis.part(1)).isEqualTo(0.5);
        assertThat(axis.part(0)).isZero();
    }

    @Test
    void figuresThatAreAllTheSameHaveADecade() {
        assertThat(Axis.logarithmic(List.of(10.0)).marks()).containsExactly(10.0, 100.0);
        assertThat(Axis.logarithmic(List.of(0.0)).marks()).containsExactly(1.0, 10.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "6.1 | 0 s, 1 s, 2 s, 3 s, 4 s, 5 s, 6 s",
                "60.2 | 0 s, 10 s, 20 s, 30 s, 40 s, 50 s, 60 s",
                "601 | 0 min, 2 min, 4 min, 6 min, 8 min, 10 min",
                "86410 | 0 h, 4 h, 8 h, 12 h, 16 h, 20 h, 24 h",
                "0.4 | 0 s",
            })
    void timeIsMarkedAtRoundNumbers(double seconds, String words) {
        assertThat(String.join(", ", TimeMarks.upTo(seconds).values())).isEqualTo(words);
    }

    @Test
    void eachLineHasItsThickness() {
        TimeChart.Series line = TimeChart.Series.of("tea", List.of(1.0, 2.0));

        String chart =
                TimeChart.of(
                        List.of(1.0, 2.0), TimeChart.Scale.LINEAR, List.of(line.thick(), line));

        assertThat(chart).containsSubsequence("stroke-width='6.0'", "stroke-width='2.0'");
    }
}
