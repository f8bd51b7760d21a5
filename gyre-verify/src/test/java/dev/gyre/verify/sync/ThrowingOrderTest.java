package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.sync.LoopQueue;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.LoopExtension;
import dev.gyre.testing.TestLoop;
import dev.gyre.verify.loop.Thrown;
import java.util.Comparator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the order of a queue throws belongs to the item that was to go in.
@Timeout(GyreTest.SECONDS_MAX)
@ExtendWith(LoopExtension.class)
class ThrowingOrderTest {

    @ParameterizedTest
    @EnumSource
    void anItemThatCannotBeComparedFailsItsPutterAndNobodyElse(Thrown thrown, TestLoop test) {
        Comparator<String> order =
                (one, other) -> {
                    if (one.equals("bad") || other.equals("bad")) {
                        throw thrown.thrown();
                    }
                    return one.compareTo(other);
                };
        LoopQueue<String> queue = LoopQueue.priority(test.loop(), 2, order);
        queue.put("b");
        queue.put("c");
        LoopFuture<Void> bad = queue.put("bad");
        LoopFuture<Void> next = queue.put("a");

        LoopFuture<String> taken = queue.take();

        assertThat(taken.resultNow()).isEqualTo("a");
        assertThat(bad.exceptionNow()).hasSameClassAs(thrown.made());
        assertThat(next.isDone()).isTrue();
        assertThat(queue.size()).isEqualTo(2);
    }
}
