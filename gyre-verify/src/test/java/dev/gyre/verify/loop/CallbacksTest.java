package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(GyreTest.SECONDS_MAX)
class CallbacksTest {

    private final List<String> ran = new ArrayList<>();

    private Callback note(String name) {
        return () -> ran.add(name);
    }

    @GyreTest
    void callbacksRunInTheOrderOfTheCalls(TestLoop test) {
        for (String name : List.of("a", "b", "c", "d")) {
            test.loop().addCallback(note(name));
        }

        test.runUntilIdle();

        assertThat(ran).containsExactly("a", "b", "c", "d");
    }

    @GyreTest
    void aCallbackNeverRunsInsideTheCallThatAddsIt(TestLoop test) {
        test.loop()
                .addCallback(() -> {
                    test.loop().addCallback(note("added"));
                    ran.add("adder ends");
                });

        test.runUntilIdle();

        assertThat(ran).containsExactly("adder ends", "added");
    }

    @GyreTest
    void whatACallbackAddsBelongsToTheNextTurn(TestLoop test) {
        IOLoop loop = test.loop();
        loop.addCallback(() -> loop.addCallback(() -> ran.add("added in " + turns(loop))));
        loop.addCallback(() -> ran.add("second in " + turns(loop)));

        test.runUntilIdle();

        assertThat(ran).containsExactly("second in 1", "added in 2");
    }

    private static long turns(IOLoop loop) {
        return loop.metrics().turns();
    }

    @GyreTest
    void oneCallbackAddedTwiceRunsTwice(TestLoop test) {
        Callback callback = note("a");
        test.loop().addCallback(callback);
        test.loop().addCallback(callback);

        test.runUntilIdle();

        assertThat(ran).containsExactly("a", "a");
    }

    @GyreTest
    void nullIsRefusedAtTheCall(IOLoop loop) {
        assertThatNullPointerException().isThrownBy(() -> loop.addCallback(null));
    }

    @GyreTest
    void aFailingCallbackIsLoggedOnceAndTheNextOneRuns(TestLoop test, ExpectLog log) {
        log.expect("dev.gyre.application", Level.ERROR, "no such table");
        test.loop()
                .addCallback(() -> {
                    throw new IOException("no such table");
                });
        test.loop().addCallback(note("next"));

        test.runUntilIdle();

        assertThat(ran).containsExactly("next");
    }

    @GyreTest
    void anEndlessChainOfCallbacksDoesNotStarveChannels(TestLoop test) throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        test.loop().addCallback(new EndlessChain(test.loop()));
        test.loop().addHandler(pipe.source(), (c, e) -> ran.add(ChannelBytes.read(c)), IOLoop.READ);

        ChannelBytes.write(pipe.sink(), "x");
        test.runUntil(() -> !ran.isEmpty());

        assertThat(ran).containsExactly("x");
        pipe.source().close();
        pipe.sink().close();
    }

    @GyreTest
    void anEndlessChainOfCallbacksDoesNotStarveTimers(TestLoop test) {
        test.loop().addCallback(new EndlessChain(test.loop()));
        test.loop().callLater(Duration.ofSeconds(1), note("timer"));

        test.time().advance(Duration.ofSeconds(1));
        test.runUntil(() -> !ran.isEmpty());

        assertThat(ran).containsExactly("timer");
    }

    private record EndlessChain(IOLoop loop) implements Callback {
        @Override
        public void run() {
            loop.addCallback(this);
        }
    }

    /// The loop asks its poller not to wait as long as anything is queued.
    @Test
    void thePollDoesNotWaitWhileACallbackIsQueued() {
        ScriptedPoller poller = new ScriptedPoller();
        try (IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(() -> poller))) {
            loop.addCallback(() -> loop.addCallback(() -> loop.addCallback(loop::stop)));

            loop.start();
        }

        assertThat(poller.timeouts()).containsOnly(0L);
    }

    @Test
    void aCallbackAddedByATimerKeepsThePollFromWaiting() {
        ScriptedPoller poller = new ScriptedPoller();
        try (IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(() -> poller))) {
            loop.callLater(Duration.ZERO, () -> loop.addCallback(loop::stop));

            loop.start();
        }

        assertThat(poller.timeouts()).containsOnly(0L);
    }

    @Test
    void anIdleLoopWaitsForEver() {
        ScriptedPoller poller = new ScriptedPoller();
        try (IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(() -> poller))) {
            poller.onPoll(timeout -> loop.stop());

            loop.start();
        }

        assertThat(poller.timeouts().getFirst()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theLoopsOwnThreadNeverWakesThePoller() {
        ScriptedPoller poller = new ScriptedPoller();
        try (IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(() -> poller))) {
            loop.addCallback(() -> loop.addCallback(() -> loop.addCallback(loop::stop)));
            loop.callLater(Duration.ZERO, note("timer"));

            loop.start();
        }

        assertThat(poller.wakeups()).isZero();
    }

    /// The poll is the moment at which callbacks come from elsewhere; a thousand need one wake-up.
    @Test
    void manyCallbacksWakeASleepingLoopOnce() {
        ScriptedPoller poller = new ScriptedPoller();
        AtomicInteger count = new AtomicInteger();
        try (IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(() -> poller))) {
            poller.onPoll(addThousand(loop, count));

            loop.start();
        }

        assertThat(count).hasValue(1_000);
        assertThat(poller.wakeups()).isEqualTo(1);
    }

    private static LongConsumer addThousand(IOLoop loop, AtomicInteger count) {
        return timeout -> {
            if (count.get() > 0 || timeout == 0) {
                return;
            }
            for (int i = 1; i < 1_000; i++) {
                loop.addCallback(count::incrementAndGet);
            }
            loop.addCallback(() -> {
                count.incrementAndGet();
                loop.stop();
            });
        };
    }

    @Test
    void aCallbackFromAnotherThreadWakesASleepingLoop() throws Exception {
        CountDownLatch ranThere = new CountDownLatch(1);
        IOLoop loop = new IOLoop();
        try (LoopOnThread running = LoopOnThread.start(loop)) {
            loop.addCallback(ranThere::countDown);

            LoopOnThread.await(ranThere);
            assertThat(running.thread().isAlive()).isTrue();
        }
    }

    @Test
    void callbacksOfManyThreadsAllRunAndThoseOfOneThreadInItsOrder() throws Exception {
        int threads = 4;
        int each = 5_000;
        List<List<Integer>> seen = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(threads * each);
        IOLoop loop = new IOLoop();
        try (LoopOnThread running = LoopOnThread.start(loop)) {
            CyclicBarrier together = new CyclicBarrier(threads);
            for (int t = 0; t < threads; t++) {
                List<Integer> mine = new ArrayList<>();
                seen.add(mine);
                new Thread(() -> addNumbers(loop, together, each, mine, all)).start();
            }

            LoopOnThread.await(all);
            assertThat(running.thread().isAlive()).isTrue();
        }
        assertThat(seen).allSatisfy(mine -> assertThat(mine).hasSize(each).isSorted());
    }

    private static void addNumbers(
            IOLoop loop, CyclicBarrier together, int count, List<Integer> to, CountDownLatch all) {
        try {
            together.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < count; i++) {
            int number = i;
            loop.addCallback(() -> {
                to.add(number);
                all.countDown();
            });
        }
    }

    @GyreTest
    void callbacksQueuedBeforeTheStartRunInIt(TestLoop test) throws InterruptedException {
        Thread elsewhere = new Thread(() -> test.loop().addCallback(note("early")));
        elsewhere.start();
        elsewhere.join();

        test.runUntilIdle();

        assertThat(ran).containsExactly("early");
    }

    @Test
    void aClosedLoopDropsCallbacksWithoutAWord() {
        IOLoop loop = new IOLoop();
        loop.close();

        loop.addCallback(note("late"));

        assertThat(ran).isEmpty();
    }

    @Test
    void callbacksThatRaceWithCloseNeitherFailNorRun() throws InterruptedException {
        IOLoop loop = new IOLoop();
        AtomicInteger added = new AtomicInteger();
        CountDownLatch half = new CountDownLatch(500);
        Thread adder =
                new Thread(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        loop.addCallback(note("must not run"));
                        added.incrementAndGet();
                        half.countDown();
                    }
                });
        adder.start();

        LoopOnThread.await(half);
        loop.close();
        adder.join();

        assertThat(added).hasValue(1_000);
        assertThat(ran).isEmpty();
    }
}
