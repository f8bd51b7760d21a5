package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopEvent;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.time.Duration;

class LoopEventTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @GyreTest
    void itsTextTellsItsStateAndWhoWaits(TestLoop test) {
        LoopEvent event = new LoopEvent(test.loop());
        assertThat(event).hasToString("LoopEvent[clear, 0 waiting]");

        event.whenSet();
        assertThat(event).hasToString("LoopEvent[clear, 1 waiting]");
        event.set();

        assertThat(event).hasToString("LoopEvent[set, 0 waiting]");
    }

    @GyreTest
    void aWaitEndsWhenItIsSetAndNotBefore(TestLoop test) {
        LoopEvent event = new LoopEvent(test.loop());
        LoopFuture<Void> waiter = event.whenSet();
        assertThat(waiter.isDone()).isFalse();
        assertThat(event.isSet()).isFalse();

        event.set();

        assertThat(waiter.isDone()).isTrue();
        assertThat(event.isSet()).isTrue();
    }

    @GyreTest
    void whoComesWhileItIsSetPassesAtOnce(TestLoop test) {
        LoopEvent event = new LoopEvent(test.loop());
        event.set();

        assertThat(event.whenSet().isDone()).isTrue();
    }

    @GyreTest
    void whoComesAfterTheClearWaits(TestLoop test) {
        LoopEvent event = new LoopEvent(test.loop());
        event.set();
        event.clear();

        assertThat(event.whenSet().isDone()).isFalse();
        assertThat(event.isSet()).isFalse();
    }

    @GyreTest
    void settingAndClearingTwiceIsHarmless(TestLoop test) {
        LoopEvent event = new LoopEvent(test.loop());
        event.clear();
        event.set();
        event.set();
        assertThat(event.isSet()).isTrue();

        event.clear();
        event.clear();

        assertThat(event.isSet()).isFalse();
    }

    @GyreTest
    void allWaitersGoOnInTheOrderInWhichTheyCame(TestLoop test) {
        LoopEvent event = new LoopEvent(test.loop());
        Crew crew = new Crew(test);
        for (int i = 0; i < 3; i++) {
            int number = i;
            crew.spawn(
                    "waiter",
                    () -> {
                        event.whenSet().await();
                        crew.did(number);
                    });
        }
        test.runUntilIdle();

        crew.run(() -> {
            event.set();
            crew.did("set");
        });

        assertThat(crew.log()).containsExactly("set", 0, 1, 2);
    }

    @GyreTest
    void whoWaitedBeforeAClearWaitsForTheNextSet(TestLoop test) {
        LoopEvent event = new LoopEvent(test.loop());
        LoopFuture<Void> before = event.whenSet();
        event.clear();
        LoopFuture<Void> after = event.whenSet();
        assertThat(before.isDone()).isFalse();

        event.set();

        assertThat(before.isDone()).isTrue();
        assertThat(after.isDone()).isTrue();
    }

    @GyreTest
    void aSetThatIsClearedAtOnceStillWakesThoseWhoWaited(TestLoop test) {
        LoopEvent event = new LoopEvent(test.loop());
        Crew crew = new Crew(test);
        crew.spawn(
                "waiter",
                () -> {
                    event.whenSet().await();
                    crew.did("woken while set: " + event.isSet());
                });
        test.runUntilIdle();

        event.set();
        event.clear();
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly("woken while set: false");
    }

    @GyreTest
    void aTimedOutWaiterIsGoneAndTheEventWorksOn(TestLoop test) {
        LoopEvent event = new LoopEvent(test.loop());
        Crew crew = new Crew(test);
        Task<Void> late = crew.spawn("late", () -> event.whenSet().await(SECOND));
        test.advance(SECOND);
        assertThat(late.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        assertThat(event).hasToString("LoopEvent[clear, 0 waiting]");

        Task<Void> inTime = crew.spawn("in time", () -> event.whenSet().await(SECOND));
        test.runUntilIdle();
        event.set();
        test.runUntilIdle();

        assertThat(inTime.resultNow()).isNull();
        assertThat(test.loop().metrics().timers()).isZero();
    }

    @GyreTest
    void aSetEventWinsOverADeadlineThatHasPassed(TestLoop test) {
        LoopEvent event = new LoopEvent(test.loop());
        event.set();

        new Crew(test)
                .run(() -> {
                    event.whenSet().await(Duration.ZERO);
                    event.whenSet().await(SECOND.negated());
                });
    }
}
