package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopLocal;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

class LoopLocalTest {

    private final List<String> made = new ArrayList<>();

    private final LoopLocal<String> local =
            LoopLocal.withInitial(loop -> {
                made.add(loop.name());
                return "value of " + loop.name();
            });

    @GyreTest
    void theValueIsMadeOnceForEachLoop(IOLoop loop) {
        try (IOLoop other = new IOLoop()) {
            assertThat(local.get(loop)).isEqualTo("value of " + loop.name());
            assertThat(local.get(loop)).isSameAs(local.get(loop));
            assertThat(local.get(other)).isEqualTo("value of " + other.name());

            assertThat(made).containsExactly(loop.name(), other.name());
        }
    }

    @GyreTest
    void withoutALoopItIsThatOfTheCurrentOne(TestLoop test) {
        List<String> values = new ArrayList<>();
        test.loop().addCallback(() -> values.add(local.get()));

        test.runUntilIdle();

        assertThat(values).containsExactly("value of " + test.loop().name());
    }

    @GyreTest
    void twoLocalsOfOneLoopAreIndependent(IOLoop loop) {
        LoopLocal<StringBuilder> other = LoopLocal.withInitial(any -> new StringBuilder("other"));

        assertThat(local.get(loop)).startsWith("value");
        assertThat(other.get(loop)).hasToString("other");
    }

    @GyreTest
    void oneLocalMayBeMadeFromAnother(IOLoop loop) {
        LoopLocal<String> outer = LoopLocal.withInitial(any -> "outer " + local.get(any));

        assertThat(outer.get(loop)).isEqualTo("outer value of " + loop.name());
    }

    @GyreTest
    void aNullValueIsRefused(IOLoop loop) {
        LoopLocal<String> nothing = LoopLocal.withInitial(any -> null);

        assertThatNullPointerException().isThrownBy(() -> nothing.get(loop));
    }

    @GyreTest
    void aValueWhoseMakingFailedIsMadeAgain(IOLoop loop) {
        LoopLocal<String> secondTime =
                LoopLocal.withInitial(any -> {
                    made.add("attempt");
                    if (made.size() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return "made";
                });
        assertThatIllegalStateException().isThrownBy(() -> secondTime.get(loop));

        assertThat(secondTime.get(loop)).isEqualTo("made");
    }

    @GyreTest
    void closingTheLoopClosesValuesThatCanBeClosed() {
        List<String> closed = new ArrayList<>();
        LoopLocal<AutoCloseable> closeable = LoopLocal.withInitial(any -> () -> closed.add("done"));
        IOLoop loop = new IOLoop();
        closeable.get(loop);

        loop.close();
        loop.close();

        assertThat(closed).containsExactly("done");
    }

    @GyreTest
    void aValueThatFailsToCloseIsLoggedAndTheOthersAreClosed(ExpectLog log) {
        log.expect(2, "dev.gyre.general", Level.WARNING, "disk full");
        IOLoop loop = new IOLoop();
        for (int i = 0; i < 2; i++) {
            LoopLocal<AutoCloseable> failing =
                    LoopLocal.withInitial(any ->
                            () -> {
                                throw new IOException("disk full");
                            });
            failing.get(loop);
        }

        loop.close();

        assertThatIllegalStateException().isThrownBy(() -> local.get(loop));
    }

    @GyreTest
    void aValueThatAsksForAnotherOneAsItIsClosedGetsItAndThatIsClosedToo() {
        List<String> closed = new ArrayList<>();
        LoopLocal<AutoCloseable> asked = LoopLocal.withInitial(any -> () -> closed.add("asked"));
        LoopLocal<AutoCloseable> asking =
                LoopLocal.withInitial(loop ->
                        () -> {
                            asked.get(loop);
                            closed.add("asking");
                        });
        IOLoop loop = new IOLoop();
        asking.get(loop);

        loop.close();

        assertThat(closed).containsExactly("asking", "asked");
    }
}
