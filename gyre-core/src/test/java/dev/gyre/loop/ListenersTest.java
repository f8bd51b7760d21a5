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
