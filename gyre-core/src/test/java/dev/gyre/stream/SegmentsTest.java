package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SegmentsTest {

    private static final int MEGABYTE = 1024 * 1024;

    private final Segments segments = new Segments();

    @Test
    void anArrayThatCameBackServesTheNext() {
        Segment first = segments.take(1024);
        segments.giveBack(first);

        assertThat(segments.take(512)).isSameAs(first);
        assertThat(segments.take(512).bytes).hasSize(512);
    }

    @Test
    void oneThatIsTooSmallOrFarTooLargeIsDropped() {
        segments.giveBack(new Segment(256));
        assertThat(segments.take(512).bytes).hasSize(512);

        segments.giveBack(new Segment(2048));
        assertThat(segments.take(512).bytes).hasSize(512);

        segments.giveBack(new Segment(1024));
        assertThat(segments.take(512).bytes).as("nothing is left of those").hasSize(1024);
    }

    @Test
    void aMegabyteWaitsForUseAtMost() {
        Segment all = new Segment(MEGABYTE);
        segments.giveBack(all);
        segments.giveBack(new Segment(MEGABYTE));
        assertThat(segments.take(MEGABYTE)).isSameAs(all);
        assertThat(segments.take(256).bytes).hasSize(256);

        segments.giveBack(all);
        assertThat(segments.take(MEGABYTE)).as("there is room again").isSameAs(all);
        segments.giveBack(new Segment(MEGABYTE + 1));
        assertThat(segments.take(MEGABYTE)).isNotSameAs(all);
    }
}
