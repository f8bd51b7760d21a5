package dev.gyre.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FlatnessTest {

    private static Flatness of(double slack, double... figures) {
        return Flatness.of("tea, cups", DoubleStream.of(figures).boxed().toList(), slack);
    }

    @Test
    void comparesTheLastQuarterWithTheSecond() {
        Flatness flatness = of(3, 9, 9, 1, 2, 9, 9, 3, 4);

        assertThat(flatness).isEqualTo(new Flatness("tea, cups", 1.5, 3.5, 1.5 * 1.1 + 3));
    }

    @Test
    void aTenthAndTheSlackAreTheLimit() {
        assertThat(of(5, 0, 0, 0, 5).isFlat()).isTrue();
        assertThat(of(5, 0, 100, 0, 114.9).isFlat()).isTrue();
        assertThat(of(5, 0, 100, 0, 115.1).isFlat()).isFalse();
    }

    @Test
    void whatShrinksIsFlat() {
        assertThat(of(0, 0, 100, 0, 50).isFlat()).isTrue();
    }

    @Test
    void theWarmUpAndSinglePeaksDoNotCount() {
        double[] figures = IntStream.range(0, 40).mapToDouble(i -> i < 10 ? 500 - i : 10).toArray();
        figures[39] = 1000;

        assertThat(of(0, figures).isFlat()).isTrue();
    }

    @Test
    void whatLeaksIsNotFlat() {
        double[] figures = IntStream.range(0, 120).mapToDouble(i -> 5 + i * 0.05).toArray();

        assertThat(of(2, figures).toString())
                .isEqualTo(
                        "tea, cups: 7.23 in the second quarter, 10.2 in the last (at most 9.95):"
                                + " NOT FLAT");
    }

    @Test
    void threeLooksAreTooFew() {
        assertThatThrownBy(() -> Flatness.of("tea", List.of(1.0, 2.0, 3.0), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 3");
    }
}
