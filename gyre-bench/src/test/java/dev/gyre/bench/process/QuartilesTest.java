package dev.gyre.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

final class QuartilesTest {

    @Test
    void ofNineFiguresTheyAreFiguresThemselves() {
        var figures = List.of(9.0, 1.0, 8.0, 2.0, 7.0, 3.0, 6.0, 4.0, 5.0);

        assertThat(Quartiles.of(figures)).isEqualTo(new Quartiles(3, 5, 7));
    }

    @Test
    void betweenFiguresTheyAreInterpolated() {
        assertThat(Quartiles.of(List.of(1.0, 2.0, 3.0, 4.0)))
                .isEqualTo(new Quartiles(1.75, 2.5, 3.25));
    }

    @Test
    void oneFigureIsAllThree() {
        assertThat(Quartiles.of(List.of(4.5))).isEqualTo(new Quartiles(4.5, 4.5, 4.5));
    }

    @Test
    void ofNothingThereAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> Quartiles.of(List.of()));
    }
}
