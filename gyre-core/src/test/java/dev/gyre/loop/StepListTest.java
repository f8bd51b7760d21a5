package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepListTest {

    private final StepList list = new StepList();

    private static Step step() {
        return new CallbackStep(Context.EMPTY, () -> {}, "callback");
    }

    @Test
    void stepsComeOutInTheOrderInWhichTheyWentIn() {
        Step first = step();
        Step second = step();
        list.add(first);
        list.add(second);

        assertThat(list.poll()).isSameAs(first);
        assertThat(list.poll()).isSameAs(second);
        assertThat(list.poll()).isNull();
        assertThat(list.isEmpty()).isTrue();
    }

    @Test
    void aStepThatHasLeftHoldsNoneOfTheOthers() {
        Step first = step();
        list.add(first);
        list.add(step());

        list.poll();

        assertThat(first.next).isNull();
    }

    @Test
    void aListTakesAllStepsOfAnother() {
        Step first = step();
        Step second = step();
        StepList other = new StepList();
        list.add(first);
        other.add(second);

        list.addAll(other);
        list.addAll(other);

        assertThat(other.isEmpty()).isTrue();
        assertThat(list.poll()).isSameAs(first);
        assertThat(list.poll()).isSameAs(second);
        assertThat(list.poll()).isNull();
    }

    @Test
    void aClearedListIsEmptyAndUsable() {
        list.add(step());
        list.clear();
        Step after = step();

        list.add(after);

        assertThat(list.poll()).isSameAs(after);
    }
}
