package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.List;
import org.junit.jupiter.api.Test;

final class GoalsTest {

    private final Goals goals = new Goals();

    @Test
    void whoAsksForTheSameSharesAGoal() {
        ReadGoal.Until line = goals.until("\n", 100);
        ReadGoal.Until head = goals.until("\r\n\r\n", 100);

        assertThat(line).isNotEqualTo(head);
        assertThat(goals.until(new String("\r\n\r\n"), 100)).isSameAs(head);
        assertThat(goals.until("\n", 100)).isSameAs(line);
        assertThat(goals.until("\n", 100)).isSameAs(line);
    }

    @Test
    void anotherLimitIsAnotherGoalForTheSameDelimiter() {
        ReadGoal.Until first = goals.until("\n", 100);

        for (int limit : List.of(7, 7, 8, 100, 7)) {
            ReadGoal.Until goal = goals.until("\n", limit);

            assertThat(goal.limit()).isEqualTo(limit);
            assertThat(goal.needle()).isSameAs(first.needle());
        }
    }

    @Test
    void delimitersThatAreMadeUpAreForgottenAndFoundAgain() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 100; i++) {
                assertThat(goals.until("#" + i, 100)).hasToString("bytes up to \"#" + i + "\"");
            }
        }
    }

    @Test
    void noDelimiterIsRefusedAndForgotten() {
        ReadGoal.Until line = goals.until("\n", 100);

        assertThatNullPointerException().isThrownBy(() -> goals.until(null, 100));

        assertThat(goals.until("\n", 100)).isSameAs(line);
    }
}
