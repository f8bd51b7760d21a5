package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
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

    /// A step that hears that it is dropped, and finds no memory for what it does then, so many
    /// times.
    private static final class Scarce extends Step {

        private final List<String> heard;
        private final String name;
        private int failures;

        Scarce(List<String> heard, String name, int failures) {
            super(Context.EMPTY);
            this.heard = heard;
            this.name = name;
            this.failures = failures;
        }

        @Override
        void run() {
            throw new IllegalStateException("it was dropped");
        }

        @Override
        void dropped() {
            if (failures > 0) {
                failures--;
                throw new OutOfMemoryError("planned");
            }
            heard.add(name);
        }
    }

    @Test
    void aStepThatCannotHearOfItsEndKeepsNoOtherFromThatAndHearsOfItTheNextTime() {
        List<String> heard = new ArrayList<>();
        list.add(new Scarce(heard, "a", 0));
        list.add(new Scarce(heard, "b", 1));
        list.add(new Scarce(heard, "c", 0));
        list.add(new Scarce(heard, "d", 2));

        assertThatThrownBy(list::drop).isInstanceOf(OutOfMemoryError.class);
        assertThat(heard).containsExactly("a", "c");

        assertThatThrownBy(list::drop).isInstanceOf(OutOfMemoryError.class);
        list.drop();
        list.drop();
        assertThat(heard).containsExactly("a", "c", "b", "d");
        assertThat(list.isEmpty()).isTrue();
    }
}
