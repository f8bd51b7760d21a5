package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListenersTest {

    private final Listeners listeners = new Listeners();
    private final Step first = new BareStep(() -> {});
    private final Step second = new BareStep(() -> {});
    private final Step third = new BareStep(() -> {});

    @BeforeEach
    void addAll() {
        listeners.add(first);
        listeners.add(second);
        listeners.add(third);
    }

    private List<Step> rest() {
        List<Step> rest = new ArrayList<>();
        for (Step step = listeners.poll(); step != null; step = listeners.poll()) {
            rest.add(step);
        }
        return rest;
    }

    @Test
    void theyComeOutInTheOrderInWhichTheyCame() {
        assertThat(rest()).containsExactly(first, second, third);
        assertThat(listeners.isEmpty()).isTrue();
    }

    @Test
    void oneLeavesFromTheFront() {
        listeners.remove(first);

        assertThat(rest()).containsExactly(second, third);
    }

    @Test
    void oneLeavesFromTheMiddle() {
        listeners.remove(second);

        assertThat(second.before).isNull();
        assertThat(second.next).isNull();
        assertThat(rest()).containsExactly(first, third);
    }

    @Test
    void oneLeavesFromTheEndAndAnotherComes() {
        Step fourth = new BareStep(() -> {});

        listeners.remove(third);
        listeners.add(fourth);

        assertThat(rest()).containsExactly(first, second, fourth);
    }

    /// Thousands may wait, and all be cancelled: none may be looked for along those before it. Here
    /// the chain is cut before it, so that a search would not come so far.
    @Test
    void oneLeavesByItsNeighboursAlone() {
        Step fourth = new BareStep(() -> {});
        listeners.add(fourth);
        first.next = null;
        second.before = null;
        listeners.remove(third);

        assertThat(second.next).isSameAs(fourth);
        assertThat(fourth.before).isSameAs(second);
    }

    @Test
    void whoeverIsInAnotherListStaysThere() {
        StepList other = new StepList();
        listeners.remove(first);
        other.add(first);
        other.add(new BareStep(() -> {}));

        listeners.remove(first);

        assertThat(rest()).containsExactly(second, third);
        assertThat(other.poll()).isSameAs(first);
        assertThat(other.isEmpty()).isFalse();
    }
}
