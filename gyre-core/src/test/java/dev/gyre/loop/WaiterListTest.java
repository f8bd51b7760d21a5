package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WaiterListTest {

    private final Step first = new BareStep(() -> {});
    private final Step second = new BareStep(() -> {});
    private final Step third = new BareStep(() -> {});
    private @Nullable Step oldest;

    @BeforeEach
    void addAll() {
        add(first);
        add(second);
        add(third);
    }

    private void add(Step step) {
        oldest = WaiterList.add(oldest, step);
    }

    private void remove(Step step) {
        oldest = WaiterList.remove(oldest, step);
    }

    private List<Step> rest() {
        List<Step> rest = new ArrayList<>();
        while (oldest != null) {
            rest.add(oldest);
            remove(oldest);
        }
        return rest;
    }

    @Test
    void theyComeOutInTheOrderInWhichTheyCame() {
        assertThat(rest()).containsExactly(first, second, third);
    }

    @Test
    void oneLeavesFromTheFront() {
        remove(first);

        assertThat(rest()).containsExactly(second, third);
    }

    @Test
    void oneLeavesFromTheMiddle() {
        remove(second);

        assertThat(second.before).isNull();
        assertThat(second.next).isNull();
        assertThat(rest()).containsExactly(first, third);
    }

    @Test
    void oneLeavesFromTheEndAndAnotherComes() {
        Step fourth = new BareStep(() -> {});

        remove(third);
        add(fourth);

        assertThat(rest()).containsExactly(first, second, fourth);
    }

    @Test
    void theLastOneLeftIsAlone() {
        remove(second);
        assertThat(WaiterList.isOnly(first)).isFalse();

        remove(first);

        assertThat(oldest).isSameAs(third);
        assertThat(WaiterList.isOnly(third)).isTrue();
    }

    @Test
    void whatTheQueueDidToTheNewestDoesNotMatter() {
        third.next = first;

        remove(third);

        assertThat(rest()).containsExactly(first, second);
    }

    /// Thousands may wait, and all be cancelled: none may be looked for along those before it. Here
    /// the chain is cut before it, so that a search would not come so far.
    @Test
    void oneLeavesByItsNeighboursAlone() {
        Step fourth = new BareStep(() -> {});
        add(fourth);
        first.next = null;
        second.before = null;
        remove(third);

        assertThat(second.next).isSameAs(fourth);
        assertThat(fourth.before).isSameAs(second);
    }

    @Test
    void whoeverIsInAnotherListStaysThere() {
        StepList other = new StepList();
        remove(first);
        other.add(first);
        other.add(new BareStep(() -> {}));

        remove(first);

        assertThat(rest()).containsExactly(second, third);
        assertThat(other.poll()).isSameAs(first);
        assertThat(other.isEmpty()).isFalse();
    }
}
