package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.Serial;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// The two other policies of [TaskScope]: one that wants a single value, one that takes what comes.
class RaceAndCollectTest {

    private static <T> Callable<T> after(int seconds, T value) {
        return () -> {
            Task.sleep(Duration.ofSeconds(seconds));
            return value;
        };
    }

    private static <T> Callable<T> failing(int seconds, Exception failure) {
        return () -> {
            Task.sleep(Duration.ofSeconds(seconds));
            throw failure;
        };
    }

    // race.

    @GyreTest
    void aRaceGivesTheFirstValueAndCancelsTheOthers(TestLoop test) {
        Play play = new Play(test);
        Task<String> task =
                test.loop()
                        .spawn("owner", () -> TaskScope.race(after(3, "slow"), after(1, "fast")));

        test.advance(Play.SECOND);

        assertThat(task.resultNow()).isEqualTo("fast");
        assertThat(test.loop().tasks()).isEmpty();
        assertThat(test.loop().metrics().timers()).isZero();
        assertThat(play.log()).isEmpty();
    }

    @GyreTest
    void aRaceWaitsForThoseItHasCancelled(TestLoop test) {
        Play play = new Play(test);
        Callable<String> slowToEnd =
                () -> {
                    try {
                        Task.sleep(Play.HOUR);
                    } finally {
                        Task.shielded(Play.HOUR, Play.body(() -> Task.sleep(Play.SECOND)));
                        play.did("loser ended");
                    }
                    return "slow";
                };
        play.spawn("owner", () -> play.did(TaskScope.race(slowToEnd, after(1, "fast"))));

        test.advance(Play.SECOND);
        assertThat(play.log()).isEmpty();
        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly("loser ended", "fast");
    }

    @GyreTest
    void aRaceSurvivesFailuresAsLongAsOneRuns(TestLoop test) {
        Task<String> task =
                test.loop()
                        .spawn(
                                "owner",
                                () ->
                                        TaskScope.race(
                                                failing(1, new GeneralSecurityException("x")),
                                                after(2, "value")));

        test.advance(Duration.ofSeconds(2));

        assertThat(task.resultNow()).isEqualTo("value");
    }

    @GyreTest
    void aRaceThatAllLoseThrowsTheFirstFailureWithTheOthers(TestLoop test) {
        GeneralSecurityException first = new GeneralSecurityException("first");
        GeneralSecurityException second = new GeneralSecurityException("second");
        Task<Object> task =
                test.loop()
                        .spawn(
                                "owner",
                                () -> TaskScope.race(failing(2, second), failing(1, first)));
        task.observe();

        test.advance(Duration.ofSeconds(2));

        assertThat(task.exceptionNow()).isSameAs(first).hasSuppressedException(second);
    }

    @GyreTest
    void aRaceThatAllLoseByAnErrorThrowsTheError(TestLoop test) {
        AssertionError wrong = new AssertionError("wrong");
        Callable<String> body =
                () -> {
                    throw wrong;
                };
        Task<String> task = test.loop().spawn("owner", () -> TaskScope.race(body));
        task.observe();

        test.runUntilIdle();

        assertThat(task.isDone()).isTrue();
        assertThat(task.exceptionNow()).isSameAs(wrong);
    }

    @GyreTest
    void aRaceWhoseRunnersAreCancelledByOthersEnds(TestLoop test) {
        Task<String> task =
                test.loop().spawn("owner", () -> TaskScope.race(after(1, "a"), after(1, "b")));
        test.loop()
                .addCallback(() ->
                        // The tasks are spawned by now, and have not begun.
                        test.loop().tasks().stream()
                                .filter(each -> each != task)
                                .forEach(Task::cancel));

        test.runUntilIdle();

        assertThat(task.exceptionNow()).isInstanceOf(CancellationException.class);
    }

    @GyreTest
    void cancellingARaceCancelsTheRunners(TestLoop test) {
        Task<String> task =
                test.loop().spawn("owner", () -> TaskScope.race(after(1, "a"), after(1, "b")));
        test.runUntilIdle();

        task.cancel();
        test.runUntilIdle();

        assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(test.loop().tasks()).isEmpty();
    }

    @GyreTest
    void aValueOfNullWinsToo(TestLoop test) {
        Task<Object> task =
                test.loop().spawn("owner", () -> TaskScope.race(() -> null, after(1, "a")));

        test.runUntilIdle();

        assertThat(task.state()).isEqualTo(Future.State.SUCCESS);
        assertThat(task.resultNow()).isNull();
    }

    @GyreTest
    void aRaceNeedsARunner(TestLoop test) {
        Throwable thrown = new Play(test).fail(() -> TaskScope.<Object>race());

        assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
    }

    @GyreTest
    void aRefusedRaceLeavesTheTaskAsItWas(TestLoop test) {
        Play play = new Play(test);

        play.run(() -> {
            play.did(catchThrowable(() -> TaskScope.<Object>race()).getClass());
            Task.pause();
            return null;
        });

        assertThat(play.log()).containsExactly(IllegalArgumentException.class);
    }

    // collect.

    @GyreTest
    void collectWaitsForAllAndKeepsTheirOrder(TestLoop test) {
        Task<List<Task<String>>> task =
                test.loop()
                        .spawn(
                                "owner",
                                () -> TaskScope.collect(after(2, "slow"), after(1, "fast")));

        test.advance(Duration.ofSeconds(2));

        assertThat(task.resultNow()).extracting(Task::resultNow).containsExactly("slow", "fast");
    }

    @GyreTest
    void inACollectAFailureStaysWithItsTask(TestLoop test) {
        GeneralSecurityException failure = new GeneralSecurityException("x");
        Task<List<Task<String>>> task =
                test.loop()
                        .spawn(
                                "owner",
                                () -> TaskScope.collect(failing(1, failure), after(2, "value")));

        test.advance(Duration.ofSeconds(2));

        assertThat(task.resultNow())
                .extracting(Task::state)
                .containsExactly(Future.State.FAILED, Future.State.SUCCESS);
        assertThat(task.resultNow().getFirst().exceptionNow()).isSameAs(failure);
    }

    @GyreTest
    void aCollectOfNothingIsEmpty(TestLoop test) {
        List<Task<Object>> tasks = new Play(test).run(() -> TaskScope.collect());

        assertThat(tasks).isEmpty();
    }

    @GyreTest
    void cancellingACollectCancelsItsTasksAndWaitsForThem(TestLoop test) {
        Play play = new Play(test);
        Callable<String> body =
                () -> {
                    try {
                        Task.sleep(Play.HOUR);
                    } catch (CancellationException e) {
                        play.did("cancelled");
                    }
                    return "x";
                };
        Task<Void> owner = play.spawnLogged("owner", () -> play.did(TaskScope.collect(body, body)));
        test.runUntilIdle();

        owner.cancel();
        test.runUntilIdle();

        assertThat(play.log())
                .containsExactly("cancelled", "cancelled", "owner CancellationException");
    }

    // Failures of the user's own types.

    /// A failure that must not be asked what it equals: that would be user code at a bad place.
    @SuppressWarnings("ThrowableEqualsHashCode") // What users do all the same.
    private static final class Incomparable extends Exception {

        @Serial private static final long serialVersionUID = 1;

        @Override
        public boolean equals(Object other) {
            throw new AssertionError("a failure was compared");
        }

        @Override
        public int hashCode() {
            throw new AssertionError("a failure was hashed");
        }
    }

    @GyreTest
    void theFailuresOfARaceAreToldApartWithoutAskingThem(TestLoop test) {
        Incomparable first = new Incomparable();
        Incomparable second = new Incomparable();

        Throwable thrown =
                new Play(test)
                        .fail(() ->
                                TaskScope.race(
                                        failing(0, first), failing(0, second), failing(0, first)));

        assertThat(thrown).isSameAs(first);
        assertThat(Stream.of(thrown.getSuppressed()).filter(each -> each == second)).hasSize(1);
    }

    @GyreTest
    void theFailuresOfAScopeAreToldApartWithoutAskingThem(TestLoop test) {
        Incomparable first = new Incomparable();
        Incomparable second = new Incomparable();
        Callable<Void> instead =
                () -> {
                    try {
                        Task.sleep(Play.HOUR);
                        return null;
                    } catch (CancellationException e) {
                        throw second;
                    }
                };

        Throwable thrown =
                new Play(test)
                        .fail(() ->
                                TaskScope.run(scope -> {
                                    scope.spawn("first", failing(0, first));
                                    scope.spawn("second", instead);
                                }));

        assertThat(thrown).isSameAs(first);
        assertThat(Stream.of(thrown.getSuppressed()).filter(each -> each == second)).hasSize(1);
    }
}
