package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SegmentsTest {

    private static final int MEGABYTE = 1024 * 1024;

    private final Segments segments = new Segments();

    @Test
    void oneThatCameBackServesTheNextOfItsSize() {
        byte[] small = segments.take(512);
        byte[] large = segments.take(1024);
        segments.giveBack(small);
        segments.giveBack(large);

        assertThat(segments.take(1024)).isSameAs(large);
        assertThat(segments.take(512)).isSameAs(small);
        assertThat(segments.take(512)).hasSize(512);
    }

    @Test
    void severalOfASizeWaitForUse() {
        byte[] one = new byte[256];
        byte[] other = new byte[256];
        segments.giveBack(one);
        segments.giveBack(other);

        assertThat(List.of(segments.take(256), segments.take(256)))
                .containsExactlyInAnyOrder(one, other);
    }

    @Test
    void oneOfAnOddSizeServesItsSizeAlone() {
        segments.giveBack(new byte[1025]);

        assertThat(segments.take(1024)).hasSize(1024);
    }

    @Test
    void aMegabyteWaitsForUseAtMost() {
        byte[] first = new byte[256];
        byte[] all = new byte[MEGABYTE];
        segments.giveBack(first);

        segments.giveBack(all);
        assertThat(segments.take(256)).as("it made room for what came last").isNotSameAs(first);
        assertThat(segments.take(MEGABYTE)).isSameAs(all);

        byte[] half = new byte[MEGABYTE / 2];
        segments.giveBack(new byte[MEGABYTE / 2]);
        segments.giveBack(half);
        segments.giveBack(new byte[MEGABYTE / 2]);
        assertThat(segments.take(MEGABYTE / 2)).as("a third has no room").isSameAs(half);

        segments.giveBack(new byte[2 * MEGABYTE]);
        assertThat(segments.take(2 * MEGABYTE)).hasSize(2 * MEGABYTE);
    }
}
