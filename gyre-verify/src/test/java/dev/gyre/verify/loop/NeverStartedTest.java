package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.TcpServer;
import dev.gyre.testing.GyreTest;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/// Programs that forget to start a loop.
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // Reading a pipe has no time-out.
class NeverStartedTest {

    private static List<String> linesOf(Class<?> program) throws Exception {
        try (ChildJvm child = ChildJvm.start(program)) {
            List<String> lines = child.lines();
            assertThat(child.exitStatus()).isZero();
            return lines;
        }
    }

    @GyreTest
    void aTaskThatNobodyRunsIsToldWhenTheProcessEnds() throws Exception {
        assertThat(linesOf(Spawns.class))
                .containsExactly(
                        "gyre: IOLoop[loop-main] has something to do and was never started; call"
                                + " start(), or runSync(...)");
    }

    @GyreTest
    void aServerThatNobodyRunsIsTold() throws Exception {
        assertThat(linesOf(Listens.class)).singleElement().asString().contains("never started");
    }

    @GyreTest
    void whoHasNothingToDoOrWasStartedIsNot() throws Exception {
        assertThat(linesOf(Starts.class)).isEmpty();
    }

    static final class Spawns {

        public static void main(String[] args) {
            IOLoop.instance().spawn("forgotten", () -> {});
        }
    }

    static final class Listens {

        public static void main(String[] args) {
            new TcpServer(_ -> {}).listen("127.0.0.1", 0);
        }
    }

    static final class Starts {

        public static void main(String[] args) {
            IOLoop idle = new IOLoop();
            IOLoop.instance().runSync(() -> {});
            IOLoop.instance().addCallback(idle::stop);
        }
    }
}
