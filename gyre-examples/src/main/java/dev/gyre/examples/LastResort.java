package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import java.time.Duration;
import java.util.List;

/// Ends a demo that was asked to end and cannot, because its loop is held up: printing blocks while
/// nobody reads the pipe at the other end.
///
/// The last resort is a loop of its own that listens to the same signals and gives the loop of the
/// demo a little time.
final class LastResort {

    /// How much time the loop of the demo has. The whole way from the signal to the exit stays
    /// below a second.
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private LastResort() {}

    static void stand() {
        Thread.ofPlatform().daemon().name("last-resort").start(LastResort::listen);
    }

    private static void listen() {
        try (IOLoop loop = new IOLoop(LoopOptions.defaults().withName("last-resort"))) {
            for (String signal : List.of("INT", "TERM")) {
                loop.onSignal(
                        signal, () -> loop.callLater(PATIENCE, () -> Runtime.getRuntime().halt(0)));
            }
            loop.start();
        }
    }
}
