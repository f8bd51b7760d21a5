package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Virtual threads that a coroutine starts are threads like any others, under both mechanisms: they
/// are carried by the default scheduler, and not by the loop.
class ChildThreadsTest {

    private static String description() {
        return Thread.currentThread().toString();
    }

    @GyreTest
    void aVirtualThreadStartedByATaskIsCarriedByTheDefaultScheduler(TestLoop test) {
        String child =
                new Play(test)
                        .runToItsEnd(() -> {
                            CompletableFuture<String> seen = new CompletableFuture<>();
                            Thread.ofVirtual().start(() -> seen.complete(description()));
                            return test.loop().adopt(seen).await();
                        });

        assertThat(child).contains("ForkJoinPool-1-worker-").doesNotContain(test.loop().name());
    }

    @GyreTest
    void aVirtualThreadStartedByACallbackIsToo(TestLoop test) throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        test.loop().addCallback(() -> Thread.ofVirtual().start(() -> seen.complete(description())));

        test.runUntilIdle();

        assertThat(seen.get()).contains("ForkJoinPool-1-worker-");
    }

    @GyreTest
    void theGrandchildrenAreToo(TestLoop test) {
        String grandchild =
                new Play(test)
                        .runToItsEnd(() -> {
                            CompletableFuture<String> seen = new CompletableFuture<>();
                            Thread.ofVirtual()
                                    .start(() ->
                                            Thread.ofVirtual()
                                                    .start(() -> seen.complete(description())));
                            return test.loop().adopt(seen).await();
                        });

        assertThat(grandchild).contains("ForkJoinPool-1-worker-");
    }

    @GyreTest
    void anExecutorOfVirtualThreadsMadeInATaskDoesNotUseTheLoop(TestLoop test) {
        String worker =
                new Play(test)
                        .runToItsEnd(() -> {
                            ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                            String seen =
                                    test.loop()
                                            .runInExecutor(executor, ChildThreadsTest::description)
                                            .await();
                            executor.shutdown();
                            return seen;
                        });

        assertThat(worker).contains("ForkJoinPool-1-worker-");
    }

    @GyreTest
    void aChildThatOutlivesItsTaskAndLoopGoesOn(TestLoop test) throws Exception {
        CompletableFuture<String> gate = new CompletableFuture<>();
        CompletableFuture<String> seen = new CompletableFuture<>();
        new Play(test)
                .runToItsEnd(() ->
                        Thread.ofVirtual().start(() -> seen.complete(gate.join() + description())));
        test.close();

        gate.complete("open ");

        assertThat(seen.get()).startsWith("open ").contains("ForkJoinPool-1-worker-");
    }

    @GyreTest
    void aChildStartedWhileManyTasksRunDisturbsNoneOfThem(TestLoop test) {
        int[] ended = {0};
        Play play = new Play(test);
        CompletableFuture<?>[] children = new CompletableFuture<?>[50];
        for (int i = 0; i < children.length; i++) {
            CompletableFuture<String> child = new CompletableFuture<>();
            children[i] = child;
            play.spawn(
                    "task",
                    () -> {
                        Thread.ofVirtual().start(() -> child.complete("x"));
                        Task.pause();
                        ended[0]++;
                    });
        }

        test.runUntilIdle();

        CompletableFuture.allOf(children).join();
        assertThat(ended[0]).isEqualTo(children.length);
    }
}
