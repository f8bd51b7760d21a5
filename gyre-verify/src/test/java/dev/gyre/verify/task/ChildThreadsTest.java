package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.ContextVar;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Virtual threads that a coroutine starts are threads like any others, under both mechanisms: they
/// are carried by the default scheduler, and not by the loop.
class ChildThreadsTest {

    /// Far more than a collector needs to notice that something is gone.
    private static final int COLLECTIONS_MAX = 100;

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

    /// Some library on the thread that starts a loop may have set them.
    @GyreTest
    void coroutinesInheritNoThreadLocals(TestLoop test) {
        InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
        inherited.set("of the loop's thread");
        List<String> seen = new ArrayList<>();

        test.loop().addCallback(() -> seen.add(inherited.get()));
        test.loop().spawn("task", () -> seen.add(inherited.get()));
        test.runUntilIdle();

        assertThat(seen).containsExactly(null, null);
        inherited.remove();
    }

    /// A virtual thread that a task has started has its scheduler, and so keeps the coroutine.
    @GyreTest
    void aChildDoesNotKeepWhatTheBodyOfItsEndedTaskHeld(TestLoop test) {
        CompletableFuture<String> gate = new CompletableFuture<>();
        List<Task<?>> kept = new ArrayList<>();
        WeakReference<byte[]> held = new WeakReference<>(spawnParent(test, gate, kept));
        test.runUntil(() -> kept.getFirst().isDone());

        for (int i = 0; i < COLLECTIONS_MAX && held.get() != null; i++) {
            System.gc();
        }

        assertThat(held.get()).isNull();
        gate.complete("open");
    }

    private static byte[] spawnParent(
            TestLoop test, CompletableFuture<String> gate, List<Task<?>> kept) {
        byte[] held = new byte[1];
        kept.add(
                test.loop()
                        .spawn(
                                "parent",
                                () -> {
                                    Thread.ofVirtual().start(gate::join);
                                    return held.length;
                                }));
        return held;
    }

    @GyreTest
    void aChildDoesNotKeepTheResultOfItsEndedTask(TestLoop test) {
        CompletableFuture<String> gate = new CompletableFuture<>();
        WeakReference<Object> result = resultOfParent(test, gate, Object::new);

        collectUntilGone(result);

        assertThat(result.get()).isNull();
        gate.complete("open");
    }

    @GyreTest
    void aChildDoesNotKeepTheContextOfItsEndedTask(TestLoop test) {
        CompletableFuture<String> gate = new CompletableFuture<>();
        ContextVar<Object> variable = ContextVar.withDefault("none");
        List<WeakReference<Object>> values = new ArrayList<>();
        resultOfParent(
                test,
                gate,
                () -> {
                    Object value = new Object();
                    values.add(new WeakReference<>(value));
                    variable.set(value);
                    return "done";
                });

        collectUntilGone(values.getFirst());

        assertThat(values.getFirst().get()).isNull();
        gate.complete("open");
    }

    private static WeakReference<Object> resultOfParent(
            TestLoop test, CompletableFuture<String> gate, Supplier<Object> body) {
        Task<Object> parent =
                test.loop()
                        .spawn(
                                "parent",
                                () -> {
                                    Thread.ofVirtual().start(gate::join);
                                    return body.get();
                                });
        test.runUntil(parent::isDone);
        return new WeakReference<>(parent.resultNow());
    }

    private static void collectUntilGone(WeakReference<Object> reference) {
        for (int i = 0; i < COLLECTIONS_MAX && reference.get() != null; i++) {
            System.gc();
        }
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
