package dev.gyre.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The clock on Linux. Elsewhere it is the JDK's.
@EnabledOnOs(OS.LINUX)
@Timeout(60)
final class CpuClockTest {

    private static final long WORK_NANOS = Duration.ofMillis(300).toNanos();

    private final CpuClock clock = new CpuClock(ProcessHandle.current());

    /// Works for so much CPU time, and says so when it is done.
    private static void work(CountDownLatch done) {
        var threads = ManagementFactory.getThreadMXBean();
        long end = threads.getCurrentThreadCpuTime() + WORK_NANOS;
        while (threads.getCurrentThreadCpuTime() < end) {
            Thread.onSpinWait();
        }
        done.countDown();
    }

    @Test
    void countsWhatAThreadUses() throws Exception {
        long before = clock.nanos();

        work(new CountDownLatch(1));

        // What a thread uses now is counted at the next tick.
        assertThat(clock.nanos() - before).isGreaterThan(WORK_NANOS * 9 / 10);
    }

    @Test
    void whatAThreadHasUsedStaysWhenItEnds() throws Exception {
        long before = clock.nanos();
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Thread worker =
                Thread.ofPlatform()
                        .start(() -> {
                            work(done);
                            await(mayEnd);
                        });
        await(done);
        long worked = clock.nanos();

        mayEnd.countDown();
        worker.join();

        assertThat(worked - before).isGreaterThan(WORK_NANOS * 9 / 10);
        assertThat(clock.nanos()).isGreaterThanOrEqualTo(worked);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
