package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Poller;
import dev.gyre.testing.GyreTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Start, stop, restart and their combinations.
@Timeout(GyreTest.SECONDS_MAX)
class LifeCycleTest {

    private final IOLoop loop = new IOLoop();
    private final List<String> ran = new ArrayList<>();

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private Callback note(String name) {
        return () -> ran.add(name);
    }

    /// Runs what is queued, and stops.
    private void runOnce() {
        loop.addCallback(loop::stop);
        loop.start();
    }

    @Test
    void aStopBeforeTheStartMakesItReturnHavingRunNothing() {
        loop.addCallback(note("callback"));
        loop.callLater(Duration.ZERO, note("timer"));
        loop.beforePoll(note("hook"));

        loop.stop();
        loop.start();

        assertThat(ran).isEmpty();
    }

    @Test
    void aStopBeforeTheStartCountsOnceAndWhatWasQueuedSurvives() {
        loop.addCallback(note("callback"));
        loop.callLater(Duration.ZERO, note("timer"));
        loop.stop();
        loop.stop();
        loop.start();

        runOnce();

        assertThat(ran).containsExactly("callback", "timer");
    }

    @Test
    void aStopLetsTheTurnEnd() {
        loop.addCallback(loop::stop);
        loop.addCallback(note("callback of the turn"));
        loop.callLater(Duration.ZERO, note("timer of the turn"));

        loop.start();

        assertThat(ran).containsExactly("callback of the turn", "timer of the turn");
    }

    @Test
    void whatIsQueuedForLaterTurnsStaysQueuedOverAStop() {
        loop.addCallback(() -> {
            loop.addCallback(note("later"));
            loop.stop();
        });
        loop.start();
        assertThat(ran).isEmpty();

        runOnce();

        assertThat(ran).containsExactly("later");
    }

    @Test
    void aLoopStartsAgainAsOftenAsOneLikes() {
        for (int i = 0; i < 3; i++) {
            loop.addCallback(note("run " + i));
            runOnce();
        }

        assertThat(ran).containsExactly("run 0", "run 1", "run 2");
    }

    @Test
    void aTimerSurvivesAStop() {
        loop.callLater(Duration.ofMillis(1), note("timer"));
        runOnce();
        loop.callLater(Duration.ofMillis(2), loop::stop);

        loop.start();

        assertThat(ran).containsExactly("timer");
    }

    @Test
    void aStopAfterTheLoopStoppedIsForTheNextStart() {
        runOnce();
        loop.stop();
        loop.addCallback(note("callback"));

        loop.start();

        assertThat(ran).isEmpty();
    }

    @Test
    void aStopFromAnotherThreadWakesASleepingLoop() throws Exception {
        IOLoop other = new IOLoop();
        LoopOnThread running = LoopOnThread.start(other);

        other.stop();
        running.join();

        other.close();
        assertThat(running.thread().isAlive()).isFalse();
    }

    @Test
    void aCallbackFromAnotherThreadMayStopTheLoop() throws Exception {
        IOLoop other = new IOLoop();
        LoopOnThread running = LoopOnThread.start(other);

        other.addCallback(other::stop);
        running.join();

        other.close();
        assertThat(running.thread().isAlive()).isFalse();
    }

    @Test
    void aStoppingLoopDoesNotPollAnyMoreThanToLetChannelsGo() {
        ScriptedPoller poller = new ScriptedPoller();
        try (IOLoop scripted = new IOLoop(LoopOptions.defaults().withPoller(() -> poller))) {
            scripted.addCallback(scripted::stop);

            scripted.start();
        }

        assertThat(poller.timeouts()).containsExactly(0L);
    }

    @Test
    void startingWithinACallbackIsRefusedAndTheLoopGoesOn() {
        List<Throwable> refusals = new ArrayList<>();
        loop.addCallback(() -> {
            try {
                loop.start();
            } catch (IllegalStateException e) {
                refusals.add(e);
            }
            loop.addCallback(note("after the refusal"));
            loop.addCallback(loop::stop);
        });

        loop.start();

        assertThat(refusals)
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessageContaining("running"));
        assertThat(ran).containsExactly("after the refusal");
    }

    @Test
    void startingALoopThatRunsOnAnotherThreadIsRefused() throws Exception {
        IOLoop other = new IOLoop();
        try (LoopOnThread running = LoopOnThread.start(other)) {
            assertThatIllegalStateException()
                    .isThrownBy(other::start)
                    .withMessageContaining("running");

            running.run(() -> ran.add("still there"));
        }
        assertThat(ran).containsExactly("still there");
    }

    @Test
    void startingOnAVirtualThreadIsRefusedAndTheLoopStaysUsable() throws Exception {
        FutureTask<Void> start = new FutureTask<>(loop::start, null);
        Thread.ofVirtual().start(start).join();

        assertThat(start.exceptionNow())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("platform thread");
        loop.addCallback(note("callback"));
        runOnce();
        assertThat(ran).containsExactly("callback");
    }

    @Test
    void aLoopMayRunOnOneThreadAfterAnother() throws Exception {
        List<IOLoop> loops = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            loop.addCallback(() -> loops.add(IOLoop.current()));
            Thread thread = new Thread(this::runOnce);
            thread.start();
            thread.join();
        }

        assertThat(loops).containsExactly(loop, loop);
    }

    @Test
    void closingARunningLoopIsRefusedOnItsThreadAndElsewhere() throws Exception {
        IOLoop other = new IOLoop();
        try (LoopOnThread running = LoopOnThread.start(other)) {
            assertThatIllegalStateException()
                    .isThrownBy(other::close)
                    .withMessageContaining("stop");

            running.run(() ->
                    assertThatIllegalStateException()
                            .isThrownBy(other::close)
                            .withMessageContaining("stop"));
        }
    }

    @Test
    void theInterruptStatusMeansNothingToTheLoop() {
        loop.addCallback(() -> {
            Thread.currentThread().interrupt();
            loop.addCallback(() -> {
                ran.add("interrupted: " + Thread.currentThread().isInterrupted());
                loop.stop();
            });
        });

        loop.start();

        assertThat(ran).containsExactly("interrupted: false");
    }

    /// Left set, it would end each poll at once. Mounting a coroutine happens to clear it, so here
    /// none runs between the polls.
    @Test
    void anInterruptOfItsThreadEndsOnePollAndNotTheNext() {
        ScriptedPoller poller = new ScriptedPoller();
        List<Boolean> interrupted = new ArrayList<>();
        try (IOLoop scripted = new IOLoop(LoopOptions.defaults().withPoller(() -> poller))) {
            poller.onPoll(timeoutNanos -> {
                interrupted.add(Thread.currentThread().isInterrupted());
                Thread.currentThread().interrupt();
                if (interrupted.size() == 3) {
                    scripted.stop();
                }
            });

            scripted.start();
        }

        assertThat(interrupted).hasSizeGreaterThanOrEqualTo(3).containsOnly(false);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aFailingPollerEndsTheStartAndTheLoopCanBeStartedAgain() {
        FailingPoller poller = new FailingPoller();
        try (IOLoop failing = new IOLoop(LoopOptions.defaults().withPoller(() -> poller))) {
            assertThatThrownBy(failing::start)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(failing.name())
                    .hasRootCauseMessage("epoll is gone");

            poller.broken = false;
            failing.addCallback(note("callback"));
            failing.addCallback(failing::stop);
            failing.start();
        }
        assertThat(ran).containsExactly("callback");
    }

    private static final class FailingPoller implements Poller {

        private final ScriptedPoller scripted = new ScriptedPoller();
        private boolean broken = true;

        @Override
        public Watch watch(SelectableChannel channel, int events, Target target) {
            return scripted.watch(channel, events, target);
        }

        @Override
        public void poll(long timeoutNanos) throws IOException {
            if (broken) {
                throw new IOException("epoll is gone");
            }
            scripted.poll(timeoutNanos);
        }

        @Override
        public void wakeup() {
            scripted.wakeup();
        }

        @Override
        public void close() {
            scripted.close();
        }
    }

    @Test
    void manyLoopsLiveAndDieAtOnceOnSeveralThreads() throws Exception {
        int threads = 4;
        CountDownLatch together = new CountDownLatch(threads);
        Callable<Integer> lives =
                () -> {
                    together.countDown();
                    LoopOnThread.await(together);
                    return liveAndDie(100);
                };
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(executor.submit(lives));
            }

            for (Future<Integer> each : all) {
                assertThat(each.get()).isEqualTo(100);
            }
        }
    }

    /// Returns how many loops were current on this thread while they ran.
    private static int liveAndDie(int count) {
        List<IOLoop> seen = new ArrayList<>();
        List<IOLoop> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try (IOLoop each = new IOLoop()) {
                made.add(each);
                each.addCallback(() -> seen.add(IOLoop.current()));
                each.addCallback(each::stop);
                each.start();
            }
        }
        assertThat(seen).isEqualTo(made);
        return seen.size();
    }
}
