package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;

/// All or nothing: `TaskScope.run`.
class TaskScopeTest {

    private static Callable<Void> sleeping(Play play, String name) {
        return Play.body(() -> {
            try {
                Task.sleep(Play.HOUR);
            } catch (CancellationException e) {
                play.did(name + " cancelled");
                throw e;
            }
        });
    }

    private static Callable<Void> failing(Exception failure) {
        return () -> {
            Task.pause();
            throw failure;
        };
    }

    @GyreTest
    void itGivesTheValueOfTheBody(TestLoop test) {
        int value = new Play(test).run(() -> TaskScope.call(scope -> 42));

        assertThat(value).isEqualTo(42);
    }

    @GyreTest
    void theClosingBraceWaitsForTheChildren(TestLoop test) {
        Play play = new Play(test);
        play.spawn(
                "owner",
                () -> {
                    TaskScope.run(scope -> {
                        scope.spawn(
                                "child",
                                Play.body(() -> {
                                    Task.sleep(Play.SECOND);
                                    play.did("child ended");
                                }));
                        play.did("body ended");
                    });
                    play.did("scope ended");
                });

        test.runUntilIdle();
        assertThat(play.log()).containsExactly("body ended");
        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly("body ended", "child ended", "scope ended");
    }

    @GyreTest
    void childrenOfAChildThroughTheScopeAreWaitedForToo(TestLoop test) {
        Play play = new Play(test);

        play.run(() -> {
            TaskScope.run(scope -> {
                scope.spawn(
                        "child",
                        () ->
                                scope.spawn(
                                        "grandchild",
                                        Play.body(() -> {
                                            Task.pause();
                                            play.did("grandchild ended");
                                        })));
            });
            play.did("scope ended");
            return null;
        });

        assertThat(play.log()).containsExactly("grandchild ended", "scope ended");
    }

    @GyreTest
    void theBodyCanAwaitItsChildren(TestLoop test) {
        int sum =
                new Play(test)
                        .run(() ->
                                TaskScope.call(scope -> {
                                    Task<Integer> one = scope.spawn("one", () -> 1);
                                    Task<Integer> two = scope.spawn("two", () -> 2);
                                    return one.await() + two.await();
                                }));

        assertThat(sum).isEqualTo(3);
    }

    @GyreTest
    void aFailureCancelsTheSiblings(TestLoop test) {
        Play play = new Play(test);
        GeneralSecurityException failure = new GeneralSecurityException("x");

        Throwable thrown =
                play.fail(() ->
                        TaskScope.run(scope -> {
                            scope.spawn("a", sleeping(play, "a"));
                            scope.spawn("b", failing(failure));
                            scope.spawn("c", sleeping(play, "c"));
                        }));

        assertThat(thrown).isSameAs(failure);
        assertThat(play.log()).containsExactly("a cancelled", "c cancelled");
    }

    @GyreTest
    void aFailureCancelsTheBody(TestLoop test) {
        Play play = new Play(test);
        GeneralSecurityException failure = new GeneralSecurityException("x");

        Throwable thrown =
                play.fail(() ->
                        TaskScope.call(scope -> {
                            scope.spawn("child", failing(failure));
                            play.did(catchThrowable(() -> Task.sleep(Play.HOUR)).getClass());
                            play.did(catchThrowable(Task::pause).getClass());
                            return "swallowed";
                        }));

        assertThat(thrown).isSameAs(failure);
        assertThat(play.log())
                .containsExactly(CancellationException.class, CancellationException.class);
    }

    @GyreTest
    void afterAFailedScopeTheOwnerCanSuspendAgain(TestLoop test) {
        String value =
                new Play(test)
                        .run(() -> {
                            Throwable thrown =
                                    catchThrowable(() ->
                                            TaskScope.run(scope -> {
                                                scope.spawn(
                                                        "x",
                                                        failing(new GeneralSecurityException("x")));
                                                Task.sleep(Play.HOUR);
                                            }));
                            Task.pause();
                            return thrown.getMessage();
                        });

        assertThat(value).isEqualTo("x");
    }

    @GyreTest
    void furtherFailuresAreSuppressed(TestLoop test) {
        GeneralSecurityException first = new GeneralSecurityException("first");
        GeneralSecurityException second = new GeneralSecurityException("second");

        Throwable thrown =
                new Play(test)
                        .fail(() ->
                                TaskScope.run(scope -> {
                                    scope.spawn("a", failing(first));
                                    scope.spawn(
                                            "b",
                                            Play.body(() -> {
                                                try {
                                                    Task.sleep(Play.HOUR);
                                                } catch (CancellationException e) {
                                                    throw second;
                                                }
                                            }));
                                }));

        assertThat(thrown).isSameAs(first).hasSuppressedException(second);
    }

    @GyreTest
    void aFailureOfTheBodyCancelsTheChildrenAndWaitsForThem(TestLoop test) {
        Play play = new Play(test);
        GeneralSecurityException failure = new GeneralSecurityException("body");
        Task<Void> owner =
                play.spawn(
                        "owner",
                        () -> {
                            Throwable thrown =
                                    catchThrowable(() ->
                                            TaskScope.call(scope -> {
                                                scope.spawn("child", slowToEnd(play));
                                                Task.pause();
                                                throw failure;
                                            }));
                            play.did(thrown);
                        });

        test.advance(Play.SECOND);

        assertThat(owner.state()).isEqualTo(Future.State.SUCCESS);
        assertThat(play.log()).containsExactly("child cleaned up", failure);
    }

    private static Callable<Void> slowToEnd(Play play) {
        return Play.body(() -> {
            try {
                Task.sleep(Play.HOUR);
            } finally {
                Task.shielded(Play.HOUR, Play.body(() -> Task.sleep(Play.SECOND)));
                play.did("child cleaned up");
            }
        });
    }

    @GyreTest
    void anErrorOfAChildIsAFailureToo(TestLoop test) {
        AssertionError failure = new AssertionError("wrong");

        Throwable thrown =
                new Play(test)
                        .fail(() ->
                                TaskScope.run(scope -> {
                                    scope.spawn(
                                            "child",
                                            () -> {
                                                throw failure;
                                            });
                                    Task.sleep(Play.HOUR);
                                }));

        assertThat(thrown).isSameAs(failure);
    }

    @GyreTest
    void aCancelledChildIsNoFailure(TestLoop test) {
        Play play = new Play(test);

        int value =
                play.run(() ->
                        TaskScope.call(scope -> {
                            scope.spawn("child", sleeping(play, "child")).cancel();
                            Task<Void> begun = scope.spawn("begun", sleeping(play, "begun"));
                            Task.pause();
                            begun.cancel();
                            return 42;
                        }));

        assertThat(value).isEqualTo(42);
        assertThat(play.log()).containsExactly("begun cancelled");
    }

    // The owner.

    @GyreTest
    void cancellingTheOwnerWhileItWaitsCancelsTheChildrenAndWaitsForThem(TestLoop test) {
        Play play = new Play(test);
        Task<Void> owner =
                play.spawnLogged(
                        "owner",
                        () ->
                                TaskScope.run(scope -> {
                                    scope.spawn("child", slowToEnd(play));
                                }));
        test.runUntilIdle();

        owner.cancel();
        test.runUntilIdle();
        assertThat(owner.isDone()).isFalse();
        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly("child cleaned up", "owner CancellationException");
        assertThat(owner.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void cancellingTheOwnerInItsBodyCancelsTheChildren(TestLoop test) {
        Play play = new Play(test);
        Task<Void> owner =
                play.spawnLogged(
                        "owner",
                        () ->
                                TaskScope.run(scope -> {
                                    scope.spawn("child", sleeping(play, "child"));
                                    Task.sleep(Play.HOUR);
                                }));
        test.runUntilIdle();

        owner.cancel();
        test.runUntilIdle();

        assertThat(play.log())
                .containsExactlyInAnyOrder("child cancelled", "owner CancellationException");
        assertThat(owner.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void aDeadlineAroundTheScopeCancelsTheChildren(TestLoop test) {
        Play play = new Play(test);
        Task<Void> owner =
                play.spawn(
                        "owner",
                        () ->
                                Task.withDeadline(
                                        Play.SECOND,
                                        () ->
                                                TaskScope.run(scope -> {
                                                    scope.spawn("child", sleeping(play, "child"));
                                                })));
        owner.observe();

        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly("child cancelled");
        assertThat(owner.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        assertThat(test.loop().metrics().timers()).isZero();
    }

    @GyreTest
    void aDeadlineInsideTheScopeEndsOnlyItsBlock(TestLoop test) {
        Play play = new Play(test);
        play.spawn(
                "owner",
                () -> {
                    String value =
                            TaskScope.call(scope -> {
                                scope.spawn("child", Play.body(() -> Task.sleep(Play.SECOND)));
                                play.did(
                                        catchThrowable(() ->
                                                        new LoopFuture<>(test.loop())
                                                                .await(Play.SECOND))
                                                .getClass());
                                return "fine";
                            });
                    play.did(value);
                });

        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly(DeadlineExceededException.class, "fine");
    }

    @GyreTest
    void aShieldInTheBodyKeepsTheFailureOfAChildOut(TestLoop test) {
        Play play = new Play(test);

        Throwable thrown =
                play.fail(() ->
                        TaskScope.run(scope -> {
                            scope.spawn("child", failing(new GeneralSecurityException("x")));
                            Task.shielded(
                                    Play.HOUR,
                                    Play.body(() -> {
                                        Task.pause();
                                        Task.pause();
                                        Task.pause();
                                        play.did("shielded part done");
                                    }));
                            Task.pause();
                            play.did("never");
                        }));

        assertThat(thrown).isInstanceOf(GeneralSecurityException.class);
        assertThat(play.log()).containsExactly("shielded part done");
    }

    // Spawning.

    @GyreTest
    void afterItsEndAScopeSpawnsNothing(TestLoop test) {
        Play play = new Play(test);
        List<TaskScope> scopes = new ArrayList<>();

        Throwable thrown =
                play.fail(() -> {
                    TaskScope.run(scope -> {
                        scopes.add(scope);
                    });
                    scopes.getFirst().spawn("late", () -> 1);
                });

        assertThat(thrown)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("scope is over");
    }

    @GyreTest
    void aScopeThatHasFailedSpawnsCancelledTasks(TestLoop test) {
        Play play = new Play(test);

        play.fail(() ->
                TaskScope.run(scope -> {
                    scope.spawn("child", failing(new GeneralSecurityException("x")));
                    play.did(catchThrowable(() -> Task.sleep(Play.HOUR)).getClass());
                    Task<Void> late = scope.spawn("late", Play.body(() -> play.did("began")));
                    play.did(late.state());
                }));

        assertThat(play.log()).containsExactly(CancellationException.class, Future.State.CANCELLED);
    }

    @GyreTest
    void scopesNest(TestLoop test) {
        Play play = new Play(test);

        int value =
                play.run(() ->
                        TaskScope.call(outer -> {
                            outer.spawn("bystander", Play.body(Task::pause));
                            play.did(
                                    catchThrowable(() ->
                                            TaskScope.run(inner -> {
                                                inner.spawn(
                                                        "x",
                                                        failing(new GeneralSecurityException("x")));
                                            })));
                            Task.pause();
                            return 42;
                        }));

        assertThat(value).isEqualTo(42);
        assertThat(play.log()).hasSize(1).first().isInstanceOf(GeneralSecurityException.class);
    }

    /// All of them fail in one turn. Told in bytes, since time is not: a copy of all that are left,
    /// for each that fails, is a hundred times as much for ten times the children.
    @GyreTest
    void theFailuresOfManyChildrenCostInProportion(TestLoop test) {
        bytesOfFailing(test, 100);

        long few = bytesOfFailing(test, 2_000);
        long many = bytesOfFailing(test, 20_000);

        assertThat(many).isLessThan(few * 15);
    }

    private static long bytesOfFailing(TestLoop test, int children) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getTotalThreadAllocatedBytes();
        new Play(test)
                .fail(() ->
                        TaskScope.run(scope -> {
                            for (int i = 0; i < children; i++) {
                                scope.spawn("failing", () -> failTogether());
                            }
                        }));
        return threads.getTotalThreadAllocatedBytes() - before;
    }

    private static Object failTogether() {
        try {
            // Until all have begun; who has not never would.
            Task.pause();
        } catch (CancellationException e) {
            throw new IllegalStateException("fails all the same", e);
        }
        throw new IllegalStateException("deliberate");
    }

    @GyreTest
    void aThousandChildrenAreFine(TestLoop test) {
        int[] ended = {0};

        new Play(test)
                .run(() ->
                        TaskScope.run(scope -> {
                            for (int i = 0; i < 1000; i++) {
                                scope.spawn(
                                        "child",
                                        Play.body(() -> {
                                            Task.pause();
                                            ended[0]++;
                                        }));
                            }
                        }));

        assertThat(ended[0]).isEqualTo(1000);
    }
}
