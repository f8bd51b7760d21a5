package dev.gyre.verify.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Poller;
import dev.gyre.loop.TimeSource;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(GyreTest.SECONDS_MAX)
class TestLoopTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestLoop test = new TestLoop();
    private final IOLoop loop = test.loop();
    private final List<String> ran = new ArrayList<>();

    /// Begun by those tests that want to be interrupted.
    private Thread interrupter = new Thread();

    /// Ends the thread that interrupts.
    private final AtomicBoolean done = new AtomicBoolean();

    @AfterEach
    void closeLoop() {
        done.set(true);
        while (interrupter.isAlive()) {
            Thread.onSpinWait();
        }
        Thread.interrupted();
        test.close();
    }

    private Callback note(String name) {
        return () -> ran.add(name);
    }

    @Test
    void anIdleLoopIsIdleAtOnce() {
        test.runUntilIdle();

        assertThat(loop.metrics().turns()).isEqualTo(1);
    }

    @Test
    void idleMeansThatWhatCallbacksAddedHasRunToo() {
        loop.addCallback(() -> loop.addCallback(() -> loop.addCallback(note("third"))));

        test.runUntilIdle();

        assertThat(ran).containsExactly("third");
    }

    @Test
    void idleMeansThatDueTimersHaveRunAndLaterOnesHaveNot() {
        loop.callLater(Duration.ZERO, note("due"));
        loop.callLater(Duration.ofNanos(1), note("later"));

        test.runUntilIdle();

        assertThat(ran).containsExactly("due");
    }

    @Test
    void idleMeansThatReadyChannelsHaveBeenHandled() throws IOException {
        Pipe pipe = readable();
        loop.addHandler(
                pipe.source(),
                (channel, events) -> {
                    ran.add("handled");
                    channel.close();
                },
                IOLoop.READ);

        test.runUntilIdle();

        assertThat(ran).containsExactly("handled");
        pipe.sink().close();
    }

    private static Pipe readable() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        return pipe;
    }

    @Test
    void idleMeansThatOffLoopWorkIsDone() {
        for (int i = 0; i < 200; i++) {
            LoopFuture<String> outer = loop.runInExecutor(() -> "x");
            outer.onDone(x -> loop.runInExecutor(() -> ran.add(x)), failure -> {});

            test.runUntilIdle();

            assertThat(ran).hasSize(i + 1);
        }
    }

    @Test
    void cancelledOffLoopWorkDoesNotKeepTheLoopWaiting() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        LoopFuture<Object> future =
                loop.runInExecutor(() -> {
                    release.await();
                    return "late";
                });
        future.cancel();
        loop.addCallback(release::countDown);

        test.runUntilIdle();

        assertThat(future.isDone()).isTrue();
    }

    @Test
    void aLoopThatNeverComesToRestIsNamedAsSuch() {
        loop.addCallback(
                new Callback() {
                    @Override
                    public void run() {
                        loop.addCallback(this);
                    }
                });

        assertThatIllegalStateException()
                .isThrownBy(test::runUntilIdle)
                .withMessageContaining("keeps adding callbacks");
    }

    @Test
    void advancingRunsEachTimerAtItsExactTime() {
        long start = loop.time();
        for (int seconds : new int[] {3, 1, 2}) {
            loop.callLater(
                    SECOND.multipliedBy(seconds),
                    () -> ran.add(seconds + " at " + (loop.time() - start) / 1_000_000_000.0));
        }

        test.advance(Duration.ofMillis(2_500));

        assertThat(ran).containsExactly("1 at 1.0", "2 at 2.0");
        assertThat(loop.time() - start).isEqualTo(2_500_000_000L);
    }

    @Test
    void advancingRunsTimersThatTimersMake() {
        loop.callLater(SECOND, () -> loop.callLater(SECOND, note("second")));

        test.advance(SECOND.multipliedBy(2));

        assertThat(ran).containsExactly("second");
    }

    @Test
    void advancingByNothingRunsUntilIdle() {
        loop.addCallback(note("callback"));

        test.advance(Duration.ZERO);

        assertThat(ran).containsExactly("callback");
    }

    @Test
    void advancingBackwardsIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> test.advance(SECOND.negated()));
    }

    @Test
    void aStopOfTheCodeUnderTestEndsTheAdvanceWhereItHappened() {
        long start = loop.time();
        loop.callLater(SECOND, loop::stop);
        loop.callLater(SECOND.multipliedBy(2), note("not reached"));

        test.advance(SECOND.multipliedBy(3));

        assertThat(ran).isEmpty();
        assertThat(loop.time() - start).isEqualTo(SECOND.toNanos());
    }

    @Test
    void runUntilReallyWaitsForOtherThreads() {
        new Thread(() -> loop.addCallback(note("from elsewhere"))).start();

        test.runUntil(() -> !ran.isEmpty());

        assertThat(ran).containsExactly("from elsewhere");
    }

    @Test
    void runUntilNoticesWhatBecomesTrueWithoutWakingTheLoop() {
        AtomicBoolean done = new AtomicBoolean();
        new Thread(() -> done.set(true)).start();

        test.runUntil(done::get);

        assertThat(done).isTrue();
    }

    @Test
    void runUntilDoesNotMoveTheClock() {
        loop.callLater(Duration.ofNanos(1), note("timer"));
        loop.addCallback(note("callback"));

        test.runUntil(() -> ran.contains("callback") && loop.metrics().turns() > 3);

        assertThat(ran).containsExactly("callback");
    }

    @Test
    void runUntilSomethingTrueRunsNothing() {
        loop.addCallback(note("callback"));

        test.runUntil(() -> true);

        assertThat(ran).isEmpty();
    }

    @Test
    void runUntilSaysWhenTheCodeUnderTestStoppedTheLoop() {
        loop.addCallback(loop::stop);

        assertThatIllegalStateException()
                .isThrownBy(() -> test.runUntil(() -> false))
                .withMessageContaining("was stopped before the condition");
    }

    /// Again and again, since whatever else runs on a thread may clear its status.
    private void interruptUntilDone(Thread waiting) {
        interrupter =
                new Thread(() -> {
                    while (!done.get()) {
                        waiting.interrupt();
                    }
                });
        interrupter.setDaemon(true);
        interrupter.start();
    }

    @Test
    void anInterruptBreaksTheWaitOff() {
        interruptUntilDone(Thread.currentThread());

        assertThatIllegalStateException()
                .isThrownBy(() -> test.runUntil(() -> false))
                .withMessageContaining("interrupted");

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptBreaksTheWaitForOffLoopWorkOff() {
        CountDownLatch never = new CountDownLatch(1);
        loop.runInExecutor(() -> {
            never.await();
            return "never";
        });
        interruptUntilDone(Thread.currentThread());

        assertThatIllegalStateException().isThrownBy(test::runUntilIdle);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aTidyLoopLeavesNothing() {
        loop.callLater(SECOND, note("timer"));

        test.advance(SECOND);

        assertThat(test.leftovers()).isEmpty();
    }

    @Test
    void leftoversAreNamed() throws IOException {
        Pipe pipe = readable();
        loop.addHandler(pipe.source(), (channel, events) -> {}, IOLoop.NONE);
        loop.callLater(SECOND, () -> {});

        assertThat(test.leftovers())
                .satisfiesExactly(
                        channel -> assertThat(channel).contains("channel is still registered"),
                        timer -> assertThat(timer).contains("1 timer is still pending"));
        pipe.sink().close();
    }

    @Test
    void aChannelClosedByTheTestIsNoLeftover() throws IOException {
        Pipe pipe = readable();
        loop.addHandler(pipe.source(), (channel, events) -> {}, IOLoop.NONE);

        pipe.source().close();
        pipe.sink().close();

        assertThat(test.leftovers()).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameNumbers() {
        try (TestLoop other = new TestLoop()) {
            assertThat(other.seed()).isEqualTo(test.seed());
            assertThat(other.loop().random().nextLong()).isEqualTo(loop.random().nextLong());
        }
    }

    @Test
    void optionsOfTheTestAreTaken() {
        try (TestLoop named = new TestLoop(options -> options.withName("named by the test"))) {
            assertThat(named.loop().name()).isEqualTo("named by the test");
        }
    }

    @Test
    void anotherPollerOrClockInTheOptionsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TestLoop(options -> options.withPoller(Poller::open)));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new TestLoop(options -> options.withTimeSource(TimeSource.system())));
    }

    @GyreTest
    void codeOnTheLoopCannotDriveIt(TestLoop test) {
        List<String> refusals = new ArrayList<>();
        test.loop()
                .addCallback(() -> {
                    try {
                        test.advance(Duration.ofSeconds(1));
                    } catch (IllegalStateException e) {
                        refusals.add(e.getMessage());
                    }
                });

        test.runUntilIdle();

        assertThat(refusals).hasSize(1);
        assertThat(refusals.getFirst()).contains("runs already", "that is for the test");
    }
}
