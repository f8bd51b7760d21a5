package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SegmentsTest {

    private static final int MEGABYTE = 1024 * 1024;

    private final Segments segments = new Segments();

    @Test
    void oneThatCameBackServesTheNextOfItsSize() {
        Segment small = segments.take(512);
        Segment large = segments.take(1024);
        segments.giveBack(small);
        segments.giveBack(large);

        assertThat(segments.take(1024)).isSameAs(large);
        assertThat(segments.take(512)).isSameAs(small);
        assertThat(segments.take(512).bytes).hasSize(512);
    }

    @Test
    void severalOfASizeWaitForUse() {
        Segment one = new Segment(256);
        Segment other = new Segment(256);
        segments.giveBack(one);
        segments.giveBack(other);

        assertThat(List.of(segments.take(256), segments.take(256)))
                .containsExactlyInAnyOrder(one, other);
    }

    @Test
    void oneOfAnOddSizeServesItsSizeAlone() {
        segments.giveBack(new Segment(1025));

        assertThat(segments.take(1024).bytes).hasSize(1024);
    }

    @Test
    void aMegabyteWaitsForUseAtMost() {
        Segment first = new Segment(256);
        Segment all = new Segment(MEGABYTE);
        segments.giveBack(first);

        segments.giveBack(all);
        assertThat(segments.take(256)).as("it made room for what came last").isNotSameAs(first);
        assertThat(segments.take(MEGABYTE)).isSameAs(all);

        Segment half = new Segment(MEGABYTE / 2);
        segments.giveBack(new Segment(MEGABYTE / 2));
        segments.giveBack(half);
        segments.giveBack(new Segment(MEGABYTE / 2));
        assertThat(segments.take(MEGABYTE / 2)).as("a third has no room").isSameAs(half);

        segments.giveBack(new Segment(2 * MEGABYTE));
        assertThat(segments.take(2 * MEGABYTE).bytes).hasSize(2 * MEGABYTE);
    }
}
