package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.gyre.loop.BareCallback;
import dev.gyre.loop.ContextVar;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.PeriodicCallback;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.loop.UncaughtHandler;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// A [ContextVar] follows the work: who schedules something passes on what is set at that moment.
class ContextTest {

    private static final ContextVar<String> NAME = ContextVar.withDefault("default");
    private static final ContextVar<String> OTHER = ContextVar.withDefault("other");

    // Who captures.

    @GyreTest
    void aCallbackSeesWhatWasSetWhenItWasAdded(TestLoop test) {
        Play play = new Play(test);
        test.loop()
                .addCallback(() -> {
                    NAME.set("a");
                    test.loop().addCallback(() -> play.did(NAME.get()));
                    NAME.set("b");
                    test.loop().addCallback(() -> play.did(NAME.get()));
                });

        test.runUntilIdle();

        assertThat(play.log()).containsExactly("a", "b");
    }

    @GyreTest
    void timersHooksListenersAndMappingsSeeIt(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        test.loop()
                .addCallback(() -> {
                    NAME.set("a");
                    test.loop().callLater(Play.SECOND, () -> play.did("timer " + NAME.get()));
                    test.loop().beforePoll(() -> play.did("hook " + NAME.get()));
                    future.onDone(value -> play.did("listener " + NAME.get()), failure -> {});
                    future.map(value -> NAME.get())
                            .onDone(value -> play.did("mapping " + value), failure -> {});
                });
        test.runUntilIdle();
        test.loop()
                .addCallback(() -> {
                    NAME.set("completer");
                    future.complete("x");
                });

        test.advance(Play.SECOND);

        assertThat(play.log())
                .containsExactlyInAnyOrder("hook a", "timer a", "listener a", "mapping a");
    }

    @GyreTest
    void aListenerOfAFutureThatIsDoneSeesItToo(TestLoop test) {
        Play play = new Play(test);
        test.loop()
                .addCallback(() -> {
                    NAME.set("a");
                    LoopFuture.completed(test.loop(), 1)
                            .onDone(value -> play.did(NAME.get()), failure -> {});
                    NAME.set("b");
                });

        test.runUntilIdle();

        assertThat(play.log()).containsExactly("a");
    }

    @GyreTest
    void aHandlerSeesItAtEachCall(TestLoop test) throws Exception {
        Play play = new Play(test);
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        test.loop()
                .addCallback(() -> {
                    NAME.set("a");
                    test.loop()
                            .addHandler(
                                    pipe.source(),
                                    (source, events) -> {
                                        play.did(NAME.get());
                                        NAME.set("changed by a call");
                                        source.read(ByteBuffer.allocate(1));
                                    },
                                    IOLoop.READ);
                });
        test.runUntilIdle();

        pipe.sink().write(ByteBuffer.wrap(new byte[2]));
        test.runUntil(() -> play.log().size() == 2);

        assertThat(play.log()).containsExactly("a", "a");
        pipe.source().close();
        pipe.sink().close();
        test.runUntilIdle();
    }

    @GyreTest
    void aPeriodicCallbackSeesAtEachCallWhatWasSetAtItsStart(TestLoop test) {
        Play play = new Play(test);
        PeriodicCallback periodic =
                new PeriodicCallback(
                        () -> {
                            play.did(NAME.get());
                            NAME.set("changed by a call");
                        },
                        Play.SECOND);
        test.loop()
                .addCallback(() -> {
                    NAME.set("a");
                    periodic.start();
                });
        test.loop().callLater(Play.SECOND, () -> NAME.set("a bystander"));

        test.advance(Play.SECOND.multipliedBy(3));

        assertThat(play.log()).containsExactly("a", "a", "a");
        periodic.stop();
    }

    @GyreTest
    void aTaskSeesWhatWasSetWhenItWasSpawned(TestLoop test) {
        Play play = new Play(test);

        play.run(() -> {
            NAME.set("a");
            Task<Void> child = play.spawn("child", () -> play.did(NAME.get()));
            NAME.set("b");
            child.await();
            TaskScope.run(scope -> scope.spawn("scoped", Play.body(() -> play.did(NAME.get()))));
            return null;
        });

        assertThat(play.log()).containsExactly("a", "b");
    }

    @GyreTest
    void aCallbackOfATaskSeesIt(TestLoop test) {
        Play play = new Play(test);

        play.run(() -> {
            NAME.set("task");
            test.loop().addCallback(() -> play.did(NAME.get()));
            return null;
        });

        assertThat(play.log()).containsExactly("task");
    }

    // Who sees changes.

    @GyreTest
    void aChangeIsVisibleAfterTheTasksOwnSuspensions(TestLoop test) {
        Play play = new Play(test);

        play.run(() -> {
            NAME.set("a");
            Task.pause();
            play.did(NAME.get());
            NAME.set("b");
            Task.sleep(java.time.Duration.ZERO);
            play.did(NAME.get());
            NAME.reset();
            Task.pause();
            play.did(NAME.get());
            return null;
        });

        assertThat(play.log()).containsExactly("a", "b", "default");
    }

    @GyreTest
    void aChangeIsNotVisibleToSiblings(TestLoop test) {
        Play play = new Play(test);
        for (String name : new String[] {"a", "b", "c"}) {
            play.spawn(
                    name,
                    () -> {
                        play.did(NAME.get());
                        NAME.set(name);
                        Task.pause();
                        play.did(NAME.get());
                    });
        }

        test.runUntilIdle();

        assertThat(play.log()).containsExactly("default", "default", "default", "a", "b", "c");
    }

    @GyreTest
    void aChangeIsNotVisibleToTheSpawner(TestLoop test) {
        String seen =
                new Play(test)
                        .run(() -> {
                            NAME.set("parent");
                            test.loop().spawn("child", Play.body(() -> NAME.set("child"))).await();
                            return NAME.get();
                        });

        assertThat(seen).isEqualTo("parent");
    }

    @GyreTest
    void aChangeInACallbackIsNotVisibleToTheNext(TestLoop test) {
        Play play = new Play(test);
        test.loop().addCallback(() -> NAME.set("a"));
        test.loop().addCallback(() -> play.did(NAME.get()));

        test.runUntilIdle();

        assertThat(play.log()).containsExactly("default");
        assertThat(NAME.get()).isEqualTo("default");
    }

    @GyreTest
    void oneWhoCompletesAFuturePassesNothingToTheWaiter(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        Task<String> waiter =
                test.loop()
                        .spawn(
                                "waiter",
                                () -> {
                                    NAME.set("waiter");
                                    future.await();
                                    return NAME.get();
                                });
        test.runUntilIdle();
        test.loop()
                .addCallback(() -> {
                    NAME.set("completer");
                    future.complete("x");
                });

        test.runUntilIdle();

        assertThat(waiter.resultNow()).isEqualTo("waiter");
    }

    @GyreTest
    void variablesAreIndependent(TestLoop test) {
        String seen =
                new Play(test)
                        .run(() -> {
                            NAME.set("a");
                            OTHER.set("b");
                            NAME.reset();
                            return NAME.get() + " " + OTHER.get();
                        });

        assertThat(seen).isEqualTo("default b");
    }

    // Foreign threads.

    @GyreTest
    void aTaskFromAForeignThreadHasTheDefaults(TestLoop test) throws Exception {
        Play play = new Play(test);
        play.spawn(
                "task",
                () -> {
                    NAME.set("somebody else's");
                    Task.sleep(Play.SECOND);
                });
        CompletableFuture<String> submitted = test.loop().submit(NAME::get);

        test.runUntilIdle();

        assertThat(submitted.get()).isEqualTo("default");
        test.advance(Play.SECOND);
    }

    @GyreTest
    void aCallbackFromAForeignThreadHasTheDefaults(TestLoop test) throws Exception {
        Play play = new Play(test);
        play.spawn(
                "task",
                () -> {
                    NAME.set("somebody else's");
                    Task.sleep(Play.SECOND);
                });
        Thread.ofPlatform().start(() -> test.loop().addCallback(() -> play.did(NAME.get()))).join();

        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly("default");
    }

    @GyreTest
    void workOnTheExecutorHasTheDefaults(TestLoop test) {
        String seen =
                new Play(test)
                        .run(() -> {
                            NAME.set("a");
                            return test.loop().runInExecutor(NAME::get).await();
                        });

        assertThat(seen).isEqualTo("default");
    }

    @GyreTest
    void aVirtualThreadOfATaskHasTheDefaults(TestLoop test) {
        String seen =
                new Play(test)
                        .runToItsEnd(() -> {
                            NAME.set("a");
                            CompletableFuture<String> child = new CompletableFuture<>();
                            Thread.ofVirtual().start(() -> child.complete(NAME.get()));
                            return test.loop().adopt(child).await();
                        });

        assertThat(seen).isEqualTo("default");
    }

    @Test
    void outsideOfLoopsItHasItsDefaultAndCannotBeSet() {
        assertThat(NAME.get()).isEqualTo("default");
        assertThatIllegalStateException()
                .isThrownBy(() -> NAME.set("x"))
                .withMessageContainingAll("callback or task", Thread.currentThread().getName());
        assertThatIllegalStateException().isThrownBy(NAME::reset);
    }

    @Test
    void nullIsNoValue() {
        assertThatNullPointerException().isThrownBy(() -> ContextVar.withDefault(null));
        assertThatNullPointerException().isThrownBy(() -> NAME.set(null));
    }

    /// The handler fails on the bare loop thread, where nothing is told: that is done in a later
    /// step.
    @Test
    void theHandlerOfAFailureSeesWhatTheBareCallbackThatFailedSaw() {
        List<String> seen = new ArrayList<>();
        UncaughtHandler handler = (where, running, failure) -> seen.add(NAME.get());
        try (IOLoop loop = new IOLoop(LoopOptions.defaults().withUncaughtHandler(handler))) {
            loop.runSync(() -> {
                NAME.set("a");
                loop.addCallback(
                        (BareCallback)
                                () -> {
                                    throw new IllegalStateException("deliberate");
                                });
                Task.pause();
                Task.pause();
                return null;
            });
        }

        assertThat(seen).containsExactly("a");
    }
}
