package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.Body;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;

/// Tasks from threads that are not the loop's.
class SubmitTest {

    private final IOLoop loop = new IOLoop();
    private final RunningLoop running = new RunningLoop(loop);

    @AfterEach
    void closeLoop() {
        running.close();
    }

    @GyreTest
    void aForeignThreadGetsTheValue() throws Exception {
        running.start();

        CompletableFuture<Integer> result =
                loop.submit(() -> {
                    Task.pause();
                    return 42;
                });

        assertThat(result.get()).isEqualTo(42);
    }

    @GyreTest
    void theTaskHasTheNameThatItIsGivenOrThatOfItsBodysClass() throws Exception {
        running.start();

        CompletableFuture<String> named = loop.submit("the one", () -> Task.current().name());
        CompletableFuture<String> unnamed = loop.submit(() -> Task.current().name());

        assertThat(named.get()).isEqualTo("the one");
        assertThat(unnamed.get()).startsWith(SubmitTest.class.getName());
    }

    @GyreTest
    void aForeignThreadGetsTheFailureItself() {
        running.start();
        IOException failure = new IOException("x");

        CompletableFuture<Object> result =
                loop.submit(() -> {
                    Task.pause();
                    throw failure;
                });

        assertThatThrownBy(result::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isSameAs(failure);
    }

    @GyreTest
    void theResultIsCompletedOnTheLoop() throws Exception {
        running.start();
        LoopFuture<String> gate = new LoopFuture<>(loop);
        CompletableFuture<IOLoop> where =
                loop.submit(() -> gate.await()).thenApply(value -> IOLoop.current());

        loop.addCallback(() -> gate.complete("open"));

        assertThat(where.get()).isSameAs(loop);
    }

    @GyreTest
    void submittedTasksBeginInTheOrderOfTheCalls() throws Exception {
        List<Integer> order = new ArrayList<>();
        CompletableFuture<?>[] results = new CompletableFuture<?>[10];
        for (int i = 0; i < results.length; i++) {
            int number = i;
            results[i] = loop.submit(() -> order.add(number));
        }
        running.start();

        CompletableFuture.allOf(results).get();

        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @GyreTest
    void cancellingTheResultCancelsTheTask() throws Exception {
        running.start();
        CompletableFuture<Task<?>> begun = new CompletableFuture<>();
        CompletableFuture<String> ended = new CompletableFuture<>();
        CompletableFuture<Object> result =
                loop.submit(() -> {
                    begun.complete(Task.current());
                    try {
                        Task.sleep(Play.HOUR);
                    } catch (CancellationException e) {
                        ended.complete("cancelled");
                        throw e;
                    }
                    return null;
                });
        begun.get();

        result.cancel(true);

        assertThat(ended.get()).isEqualTo("cancelled");
    }

    @GyreTest
    void aResultCancelledBeforeTheBeginKeepsTheTaskFromBeginning() throws Exception {
        List<String> began = new ArrayList<>();
        CompletableFuture<Boolean> result = loop.submit(() -> began.add("began"));
        result.cancel(false);

        running.start();
        loop.submit(() -> 1).get();

        assertThat(began).isEmpty();
    }

    @GyreTest
    void aTaskThatCancelsItselfCancelsTheResult() {
        running.start();

        CompletableFuture<Object> result =
                loop.submit(() -> {
                    Task.current().cancel();
                    Task.pause();
                    return 1;
                });

        assertThatThrownBy(result::get).isInstanceOf(CancellationException.class);
    }

    @GyreTest
    void aLoopThatIsClosedBeforeTheBeginFailsTheResult() {
        CompletableFuture<Integer> result = loop.submit(() -> 42);

        loop.close();

        assertThatThrownBy(result::get)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(loop.name(), "closed");
    }

    @GyreTest
    void aClosedLoopFailsTheResultAtOnce() {
        loop.close();

        CompletableFuture<Integer> result = loop.submit(() -> 42);

        assertThat(result).isCompletedExceptionally();
        assertThatThrownBy(result::get).cause().isInstanceOf(IllegalStateException.class);
    }

    @GyreTest
    void aLoopThatIsClosedWhileTheTaskRunsCompletesTheResult() throws Exception {
        running.start();
        CompletableFuture<String> begun = new CompletableFuture<>();
        CompletableFuture<Object> result =
                loop.submit(() -> {
                    begun.complete("begun");
                    Task.sleep(Play.HOUR);
                    return null;
                });
        begun.get();

        running.close();

        assertThat(result).isCompletedExceptionally();
        assertThatThrownBy(result::get).isInstanceOf(CancellationException.class);
    }

    @GyreTest
    void aTaskThatEndsWithAValueWhileTheLoopClosesGivesIt() throws Exception {
        running.start();
        CompletableFuture<String> begun = new CompletableFuture<>();
        CompletableFuture<String> result =
                loop.submit(() -> {
                    begun.complete("begun");
                    try {
                        Task.sleep(Play.HOUR);
                    } catch (CancellationException e) {
                        return "saved";
                    }
                    return "slept";
                });
        begun.get();

        running.close();

        assertThat(result).isCompletedWithValue("saved");
    }

    @GyreTest
    void aLoopThatIsClosingFailsTheResult() throws Exception {
        running.start();
        CompletableFuture<String> begun = new CompletableFuture<>();
        AtomicReference<CompletableFuture<Integer>> late = new AtomicReference<>();
        CompletableFuture<Object> result =
                loop.submit(() -> {
                    begun.complete("begun");
                    try {
                        Task.sleep(Play.HOUR);
                    } finally {
                        late.set(loop.submit(() -> 42));
                        Task.shielded(Play.SECOND, Play.body(Task::pause));
                    }
                    return null;
                });
        begun.get();

        running.close();

        assertThat(result).isCompletedExceptionally();
        assertThat(late.get()).isCompletedExceptionally();
    }

    @GyreTest
    void whatHangsOnAResultNeverRunsOnTheBareThreadOfAClosingLoop() throws Exception {
        running.start();
        CompletableFuture<String> begun = new CompletableFuture<>();
        CompletableFuture<Thread> where = new CompletableFuture<>();
        CompletableFuture<Object> result =
                loop.submit(() -> {
                    begun.complete("begun");
                    try {
                        Task.sleep(Play.HOUR);
                    } finally {
                        Future<Integer> late =
                                loop.submit(() -> 42)
                                        .whenComplete(
                                                (_, _) -> where.complete(Thread.currentThread()));
                        assertThat(late).isNotDone();
                        Task.shielded(Play.SECOND, Play.body(Task::pause));
                    }
                    return null;
                });
        begun.get();

        running.close();

        assertThat(result).isCompletedExceptionally();
        assertThat(where.get().isVirtual()).isTrue();
    }

    @GyreTest
    void aStoppedLoopKeepsWhatWasSubmitted() throws Exception {
        CompletableFuture<Integer> result = loop.submit(() -> 42);
        assertThat(result).isNotDone();

        running.start();

        assertThat(result.get()).isEqualTo(42);
    }

    @GyreTest
    void itNeedsABody() {
        assertThatNullPointerException().isThrownBy(() -> loop.submit((Body) null));
    }
}
