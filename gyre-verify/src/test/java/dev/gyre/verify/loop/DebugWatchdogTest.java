package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.TimeSource;
import dev.gyre.testing.GyreTest;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/// Which loops are watched without having asked for it. In processes of their own, since that is
/// said with their options.
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // Reading a pipe has no time-out.
class DebugWatchdogTest {

    private static final String DEBUG = "-Ddev.gyre.debug=true";

    @GyreTest
    void inDebugModeALoopOnTheSystemClockIsWatched() throws Exception {
        try (ChildJvm child = ChildJvm.start(WhoIsWatched.class, DEBUG)) {
            assertThat(child.lines())
                    .containsExactly(
                            "by default: watched",
                            "told so: watched",
                            "other clock: not watched",
                            "unwatched: not watched");
        }
    }

    @GyreTest
    void elsewhereNoLoopIsWatched() throws Exception {
        try (ChildJvm child = ChildJvm.start(WhoIsWatched.class)) {
            assertThat(child.lines()).noneMatch(line -> line.endsWith(": watched")).hasSize(4);
        }
    }

    @GyreTest
    void aPropertySetsTheLimitWithoutDebugMode() throws Exception {
        try (ChildJvm child = ChildJvm.start(WhoIsWatched.class, "-Ddev.gyre.watch=100000")) {
            assertThat(child.nextLine()).isEqualTo("by default: watched");
        }
    }

    @GyreTest
    void inDebugModeALimitOfZeroEndsTheWatch() throws Exception {
        try (ChildJvm child = ChildJvm.start(WhoIsWatched.class, DEBUG, "-Ddev.gyre.watch=0")) {
            assertThat(child.lines()).noneMatch(line -> line.endsWith(": watched")).hasSize(4);
        }
    }

    @GyreTest
    void aLimitThatIsNoNumberIsRefused() throws Exception {
        try (ChildJvm child = ChildJvm.start(WhoIsWatched.class, "-Ddev.gyre.watch=often")) {
            assertThat(child.nextLine())
                    .contains("-Ddev.gyre.watch=often is not a number of milliseconds");
        }
    }

    @GyreTest
    void theBlockedTurnIsLoggedAfterAQuarterOfASecond() throws Exception {
        try (ChildJvm child = ChildJvm.start(Computes.class, DEBUG)) {
            // When and where it was logged has a line of its own.
            assertThat(child.nextLine()).isNotEmpty();
            assertThat(child.nextLine()).contains("one turn has been running", "limit 250 ms");
        }
    }

    /// Computes until it is killed.
    static final class Computes {

        private Computes() {}

        static void main() {
            try (IOLoop loop = new IOLoop()) {
                loop.addCallback(() -> {
                    while (true) {
                        Thread.onSpinWait();
                    }
                });
                loop.start();
            }
        }
    }

    static final class WhoIsWatched {

        private WhoIsWatched() {}

        static void main() {
            LoopOptions defaults = LoopOptions.defaults();
            tell("by default", new IOLoop());
            tell("told so", new IOLoop(defaults.withTimeSource(TimeSource.system())));
            tell("other clock", new IOLoop(defaults.withTimeSource(() -> 0)));
            IOLoop unwatched = new IOLoop();
            unwatched.watch(Duration.ZERO);
            tell("unwatched", unwatched);
        }

        private static void tell(String what, IOLoop loop) {
            try (loop) {
                boolean watched = loop.runSync(() -> isWatched(loop));
                System.out.println(what + (watched ? ": watched" : ": not watched"));
            }
        }

        private static boolean isWatched(IOLoop loop) {
            return Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> thread.getName().equals("gyre-watchdog-" + loop.name()));
        }
    }
}
