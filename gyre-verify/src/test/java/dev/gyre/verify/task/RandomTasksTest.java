package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopQueue;
import dev.gyre.sync.LoopSemaphore;
import dev.gyre.sync.Permit;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Timeout;

/// Tasks that are spawned, cancelled, timed out and made to wait at random, from a seed, in virtual
/// time. After each step everything must add up.
class RandomTasksTest {

    private static final int STEPS = 100_000;
    private static final int TASKS_MAX = 40;
    private static final int PERMITS = 3;
    private static final int ITEMS_MAX = 4;

    /// One task and what this test knows of it.
    private static final class Player {

        private final int number;

        /// Null until spawned.
        private Task<Void> task;

        private boolean began;
        private boolean left;

        Player(int number) {
            this.number = number;
        }
    }

    private TestLoop test;
    private IOLoop loop;
    private RandomGenerator random;
    private LoopSemaphore semaphore;
    private LoopQueue<Integer> queue;

    /// The players whose tasks are spawned and have not ended.
    private final Set<Player> players = new LinkedHashSet<>();

    private final List<LoopFuture<Integer>> gates = new ArrayList<>();
    private final Set<Integer> accepted = new HashSet<>();
    private final Set<Integer> taken = new HashSet<>();

    /// Who runs right now; null while nobody does.
    private Player running;

    private int permitsHeld;
    private int lastItem;

    /// How often each of the ways out was taken: without one of them the test would prove little.
    private int passed;

    private int timedOut;
    private int cancelled;
    private int neverBegan;

    @GyreTest
    @Timeout(60)
    void everythingAddsUpAfterEachOfAHundredThousandSteps(TestLoop given) {
        test = given;
        loop = test.loop();
        random = loop.random();
        semaphore = LoopSemaphore.bounded(loop, PERMITS);
        queue = LoopQueue.fifo(loop, ITEMS_MAX);
        System.out.println("gyre.seed=" + test.seed());

        for (int step = 0; step < STEPS; step++) {
            act(step);
            check(step);
        }
        finish();

        assertThat(semaphore).hasToString("LoopSemaphore[3 available, 0 waiting]");
        assertThat(queue.toString()).contains("waiting to take: 0, to put: 0");
        assertThat(List.of(passed, timedOut, cancelled, neverBegan))
                .allMatch(count -> count > 1000);
    }

    private void act(int step) {
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                if (players.size() < TASKS_MAX) {
                    spawn(step);
                }
            }
            case 2 -> cancelOne();
            case 3 -> {
                if (!gates.isEmpty()) {
                    gates.remove(random.nextInt(gates.size())).complete(step);
                }
            }
            case 4, 5 -> test.advance(Duration.ofMillis(random.nextInt(4)));
            case 6 -> {
                takeOne();
                test.runUntilIdle();
            }
            default -> test.runUntilIdle();
        }
    }

    private void spawn(int number) {
        Player player = new Player(number);
        boolean stubborn = random.nextInt(5) == 0;
        player.task = loop.spawn("player " + number, () -> play(player, stubborn));
        players.add(player);
    }

    private void cancelOne() {
        if (players.isEmpty()) {
            return;
        }
        Player player = List.copyOf(players).get(random.nextInt(players.size()));
        player.task.cancel();
        if (player.task.isDone()) {
            assertThat(player.began).isFalse();
            player.left = true;
            players.remove(player);
            neverBegan++;
        }
    }

    private void takeOne() {
        Integer item = queue.tryTake();
        if (item != null) {
            came(item);
        }
    }

    private void came(int item) {
        assertThat(taken.add(item)).as("item %d came twice", item).isTrue();
    }

    private void check(int step) {
        assertThat(running).as("who runs between the steps, after step %d", step).isNull();
        assertThat(loop.tasks())
                .as("live tasks after step %d", step)
                .hasSize(players.size())
                .noneMatch(Task::isDone);
        assertThat(semaphore.available() + permitsHeld)
                .as("permits after step %d", step)
                .isEqualTo(PERMITS);
        assertThat(accepted.size() - taken.size())
                .as("items after step %d", step)
                .isEqualTo(queue.size());
    }

    private void finish() {
        while (!players.isEmpty()) {
            cancelOne();
            test.advance(Duration.ofMillis(10));
        }
        check(STEPS);
        while (!queue.isEmpty()) {
            takeOne();
        }
        assertThat(taken).isEqualTo(accepted);
    }

    // The players.

    private Void play(Player player, boolean stubborn) {
        assertThat(player.began).as("task %d begins twice", player.number).isFalse();
        player.began = true;
        enter(player);
        try {
            moves(player);
        } catch (CancellationException e) {
            cancelled++;
            if (stubborn) {
                tryAgain(player);
            }
            throw e;
        } finally {
            leave(player);
            player.left = true;
            players.remove(player);
        }
        return null;
    }

    private void tryAgain(Player player) {
        try {
            moves(player);
        } catch (CancellationException e) {
            cancelled++;
        }
    }

    private void moves(Player player) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            try {
                move(player);
                passed++;
            } catch (DeadlineExceededException e) {
                timedOut++;
            }
        }
    }

    private void move(Player player) {
        switch (random.nextInt(6)) {
            case 0 -> suspend(player, RandomTasksTest::pause);
            case 1 -> sleep(player);
            case 2 -> {
                LoopFuture<Integer> gate = new LoopFuture<>(loop);
                gates.add(gate);
                suspend(player, () -> gate.await(millis()));
            }
            case 3 -> visit(player);
            case 4 -> {
                int item = ++lastItem;
                suspend(player, () -> queue.put(item).await(millis()));
                accepted.add(item);
            }
            default -> came(suspend(player, () -> queue.take().await(millis())));
        }
    }

    private static Object pause() {
        Task.pause();
        return "paused";
    }

    private void sleep(Player player) {
        suspend(
                player,
                () -> {
                    Task.sleep(millis());
                    return "slept";
                });
    }

    private void visit(Player player) {
        try (Permit permit = suspend(player, () -> semaphore.acquire().await(millis()))) {
            permitsHeld++;
            try {
                assertThat(permit).isNotNull();
                sleep(player);
            } finally {
                permitsHeld--;
            }
        }
    }

    private <T> T suspend(Player player, Supplier<T> wait) {
        leave(player);
        try {
            return wait.get();
        } finally {
            enter(player);
        }
    }

    private void enter(Player player) {
        assertThat(running).as("who else runs").isNull();
        assertThat(player.left).as("task %d runs after its end", player.number).isFalse();
        running = player;
    }

    private void leave(Player player) {
        assertThat(running).isSameAs(player);
        running = null;
    }

    private Duration millis() {
        return Duration.ofMillis(random.nextInt(5));
    }
}
