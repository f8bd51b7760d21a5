package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.CompletionOrder;
import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future.State;

/// Futures that end in all ways at moments of which many coincide, and what is made of them: each
/// who waits hears of each end once, at its moment, in the order of their asking.
class FuturesInSimulationTest {

    private static final long MILLISECOND = 1_000_000;

    /// A future, and how it ends.
    ///
    /// @param millis when
    private record Planned(
            int number,
            int millis,
            State end,
            RuntimeException failure,
            LoopFuture<Integer> future) {

        static Planned draw(IOLoop loop, Random random, int number) {
            State[] ends = {State.SUCCESS, State.SUCCESS, State.FAILED, State.CANCELLED};
            return new Planned(
                    number,
                    1 + random.nextInt(6),
                    ends[random.nextInt(ends.length)],
                    new IllegalStateException("future " + number),
                    new LoopFuture<>(loop));
        }

        void schedule(IOLoop loop) {
            loop.callLater(
                    Duration.ofMillis(millis),
                    () -> {
                        boolean isFirst =
                                switch (end) {
                                    case SUCCESS -> future.complete(number);
                                    case FAILED -> future.fail(failure);
                                    default -> future.cancel();
                                };
                        assertThat(isFirst).isTrue();
                        assertThat(future.complete(-1)).isFalse();
                    });
        }
    }

    /// What came of a future that is made of others, and when.
    private static final class Heard {

        private final IOLoop loop = IOLoop.current();
        private final long begun = loop.time();
        private final List<Object> all = new ArrayList<>();

        void of(LoopFuture<?> future) {
            future.onDone(value -> all.add(value), failure -> all.add(toTell(failure)));
            future.onDone(value -> all.add(millis()), failure -> all.add(millis()));
        }

        private static Object toTell(Throwable failure) {
            return failure instanceof CancellationException ? "cancelled" : failure;
        }

        private long millis() {
            return (loop.time() - begun) / MILLISECOND;
        }

        void was(Object outcome, int millis) {
            assertThat(all).containsExactly(outcome, (long) millis);
        }
    }

    @SimTest(seeds = 100)
    void whatIsMadeOfFuturesEndsAsTheyDo(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        List<Planned> plans = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            plans.add(Planned.draw(host.loop(), random, i));
        }
        List<LoopFuture<Integer>> futures = plans.stream().map(Planned::future).toList();
        List<Heard> singles = new ArrayList<>();
        List<Heard> mapped = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        Heard[] combined = new Heard[2];
        host.run(() -> {
            plans.forEach(plan -> plan.schedule(host.loop()));
            for (LoopFuture<Integer> future : futures) {
                singles.add(heard(future));
                mapped.add(heard(future.map(value -> value + 100)));
            }
            combined[0] = heard(LoopFuture.all(futures));
            combined[1] = heard(LoopFuture.any(futures));
            return true;
        });
        host.start(() -> takeInOrder(futures, order, random));
        host.start(() -> waitNowAndThen(futures, random));

        simulation.run();

        for (Planned plan : plans) {
            Object value = plan.end == State.SUCCESS ? plan.number : outcome(plan);
            Object more = plan.end == State.SUCCESS ? plan.number + 100 : outcome(plan);
            singles.get(plan.number).was(value, plan.millis);
            mapped.get(plan.number).was(more, plan.millis);
        }
        List<Planned> ended = new ArrayList<>(plans);
        ended.sort(Comparator.comparingInt(Planned::millis).thenComparingInt(Planned::number));
        assertThat(order).containsExactlyElementsOf(ended.stream().map(Planned::number).toList());
        combined[0].was(expectedOfAll(plans), ended.getLast().millis);
        Planned first =
                ended.stream()
                        .filter(plan -> plan.end == State.SUCCESS)
                        .findFirst()
                        .orElse(ended.getLast());
        combined[1].was(
                first.end == State.SUCCESS ? first.number : expectedOfAll(plans), first.millis);
    }

    private static Heard heard(LoopFuture<?> future) {
        Heard heard = new Heard();
        heard.of(future);
        return heard;
    }

    private static Object outcome(Planned plan) {
        return plan.end == State.FAILED ? plan.failure : "cancelled";
    }

    /// The first failure in their order; a cancellation only if there is none.
    private static Object expectedOfAll(List<Planned> plans) {
        if (plans.stream().allMatch(plan -> plan.end == State.SUCCESS)) {
            return plans.stream().map(Planned::number).toList();
        }
        return plans.stream()
                .filter(plan -> plan.end == State.FAILED)
                .findFirst()
                .map(plan -> (Object) plan.failure)
                .orElse("cancelled");
    }

    /// Takes futures as they end; gives a wait up now and then, which must not lose a future.
    private static boolean takeInOrder(
            List<LoopFuture<Integer>> futures, List<Integer> order, Random random) {
        CompletionOrder<Integer> next = LoopFuture.inCompletionOrder(futures);
        while (next.hasNext()) {
            try {
                order.add(
                        futures.indexOf(
                                next.next().await(Duration.ofMillis(1 + random.nextInt(4)))));
            } catch (DeadlineExceededException e) {
                // Asks again.
            }
        }
        return true;
    }

    /// Whoever gives up leaves the future to the others.
    private static boolean waitNowAndThen(List<LoopFuture<Integer>> futures, Random random) {
        for (int i = 0; i < 10; i++) {
            try {
                LoopFuture<Integer> one = futures.get(random.nextInt(futures.size()));
                Task.withDeadline(Duration.ofMillis(1), () -> one.await());
            } catch (DeadlineExceededException | IllegalStateException e) {
                // The future is not done yet, or was taken at its end.
            }
        }
        return true;
    }
}
