package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.testing.GyreTest;
import org.junit.jupiter.api.Tag;

/// An `await` below a class initialiser cannot suspend, and holds the loop's own thread. Only
/// another thread can end that, and there is one, whether or not the loop is watched.
class ClassInitialiserTest {

    private static LoopFuture<String> awaited;

    private static final class AwaitsAtBirth {

        static final String VALUE = awaited.await();
    }

    @GyreTest
    @Tag("carrier")
    void anAwaitBelowAClassInitialiserFailsAndTheLoopGoesOn() {
        try (IOLoop loop = new IOLoop()) {
            awaited = new LoopFuture<>(loop);

            Throwable thrown =
                    loop.runSync(() -> catchThrowable(() -> AwaitsAtBirth.VALUE.length()));

            assertThat(thrown).isInstanceOf(ExceptionInInitializerError.class);
            assertThat(thrown.getCause())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("class initialiser", loop.name());
            int after =
                    loop.runSync(() -> {
                        LoopFuture<Integer> value = new LoopFuture<>(loop);
                        loop.addCallback(() -> value.complete(42));
                        return value.await();
                    });
            assertThat(after).isEqualTo(42);
        }
    }
}
