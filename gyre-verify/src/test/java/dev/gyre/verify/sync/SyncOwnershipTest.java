package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.sync.LoopCondition;
import dev.gyre.sync.LoopEvent;
import dev.gyre.sync.LoopLock;
import dev.gyre.sync.LoopQueue;
import dev.gyre.sync.LoopSemaphore;
import dev.gyre.sync.Permit;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// To which loop the objects belong, and who may use them.
class SyncOwnershipTest {

    @GyreTest
    void madeInATaskTheyBelongToItsLoop(TestLoop test) {
        new Crew(test)
                .run(() -> {
                    new LoopLock().acquire().await();
                    new LoopSemaphore(1).acquire().await();
                    LoopSemaphore.bounded(1).acquire().await();
                    LoopEvent event = new LoopEvent();
                    event.set();
                    event.whenSet().await();
                    LoopQueue.<String>fifo(1).put("a").await();
                    LoopQueue.<String>lifo(1).put("a").await();
                    LoopQueue.<String>priority(1, Comparator.naturalOrder()).put("a").await();
                    LoopCondition condition = new LoopCondition();
                    test.loop().addCallback(condition::signal);
                    condition.whenSignalled().await();
                });
    }

    @GyreTest
    void everyChangeFromAForeignThreadIsRefusedAndChangesNothing(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 1);
        LoopEvent event = new LoopEvent(test.loop());
        LoopCondition condition = new LoopCondition(test.loop());
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
        Permit permit = semaphore.acquire().resultNow();
        queue.put("item");
        lock.acquire();
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("lock.acquire", lock::acquire);
        calls.put("lock.release", lock::release);
        calls.put("semaphore.acquire", semaphore::acquire);
        calls.put("semaphore.release", semaphore::release);
        calls.put("permit.close", permit::close);
        calls.put("event.set", event::set);
        calls.put("event.clear", event::clear);
        calls.put("event.whenSet", event::whenSet);
        calls.put("condition.whenSignalled", condition::whenSignalled);
        calls.put("condition.signal", condition::signal);
        calls.put("condition.signalAll", condition::signalAll);
        calls.put("queue.put", () -> queue.put("foreign"));
        calls.put("queue.tryPut", () -> queue.tryPut("foreign"));
        calls.put("queue.take", queue::take);
        calls.put("queue.tryTake", queue::tryTake);
        calls.put("queue.taskDone", queue::taskDone);
        calls.put("queue.join", queue::join);
        calls.put("queue.close", queue::close);
        Map<String, String> accepted = new LinkedHashMap<>();

        CompletableFuture<Void> done = new CompletableFuture<>();

        test.loop()
                .addCallback(() ->
                        done.completeAsync(() -> {
                            callAll(calls, accepted);
                            return null;
                        }));
        test.runUntil(done::isDone);

        assertThat(accepted).as("calls that were not refused").isEmpty();
        assertThat(lock).hasToString("LoopLock[locked, 0 waiting]");
        assertThat(semaphore).hasToString("LoopSemaphore[0 available, 0 waiting]");
        assertThat(event).hasToString("LoopEvent[clear, 0 waiting]");
        assertThat(condition).hasToString("LoopCondition[0 waiting]");
        assertThat(queue)
                .hasToString(
                        "LoopQueue[fifo, 1 of 1, 1 unfinished, waiting to take: 0, to put: 0]");
        permit.close();
        assertThat(semaphore.available()).isEqualTo(1);
    }

    private static void callAll(Map<String, ThrowingCallable> calls, Map<String, String> accepted) {
        calls.forEach((name, call) -> {
            try {
                call.call();
                accepted.put(name, "returned");
            } catch (IllegalStateException e) {
                if (!e.getMessage().contains("use addCallback")) {
                    accepted.put(name, e.getMessage());
                }
            } catch (Throwable e) {
                accepted.put(name, e.toString());
            }
        });
    }
}
