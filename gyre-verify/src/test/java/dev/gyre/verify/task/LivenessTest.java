package dev.gyre.verify.task;

import static dev.gyre.verify.task.Liveness.loopLives;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;

/// The calls of the JDK that suspend a coroutine and not its loop: the table of `docs/blocking.md`.
/// They hold under the carrier alone.
@Tag("carrier")
class LivenessTest {

    @GyreTest
    void threadSleep(TestLoop test) {
        Thread[] sleeper = {null};
        loopLives(
                test,
                () -> {
                    sleeper[0] = Thread.currentThread();
                    try {
                        BlockingCalls.sleep(Play.HOUR);
                    } catch (InterruptedException e) {
                        sleeper[0] = null;
                    }
                },
                () -> sleeper[0].interrupt());
        assertThat(sleeper[0]).isNull();
    }

    @GyreTest
    void lockSupportPark(TestLoop test) {
        Thread[] parked = {null};
        boolean[] released = {false};
        loopLives(
                test,
                () -> {
                    parked[0] = Thread.currentThread();
                    while (!released[0]) {
                        LockSupport.park();
                    }
                },
                () -> {
                    released[0] = true;
                    LockSupport.unpark(parked[0]);
                });
    }

    @GyreTest
    @SuppressWarnings("LockNotBeforeTry") // Taken by the test, given back by a coroutine's order.
    void aReentrantLockHeldByAnotherCoroutine(TestLoop test) {
        ReentrantLock lock = new ReentrantLock();
        Task<Void> holder =
                new Play(test)
                        .spawn(
                                "holder",
                                () -> {
                                    lock.lock();
                                    try {
                                        Task.sleep(Play.HOUR);
                                    } finally {
                                        lock.unlock();
                                    }
                                });
        test.runUntilIdle();
        loopLives(
                test,
                () -> {
                    lock.lock();
                    lock.unlock();
                },
                holder::cancel);
    }

    @GyreTest
    void aMonitorHeldByAPlatformThread(TestLoop test) throws InterruptedException {
        Object monitor = new Object();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> hold(monitor, held, release));
        held.await();
        loopLives(test, () -> enter(monitor), release::countDown);
        holder.join();
    }

    @GyreTest
    void aMonitorHeldByAnotherCoroutine(TestLoop test) {
        Object monitor = new Object();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        new Play(test).spawn("holder", () -> hold(monitor, held, release));
        test.runUntilIdle();
        loopLives(test, () -> enter(monitor), release::countDown);
    }

    private static void hold(Object monitor, CountDownLatch held, CountDownLatch release) {
        synchronized (monitor) {
            held.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void enter(Object monitor) {
        synchronized (monitor) {
            assertThat(Thread.holdsLock(monitor)).isTrue();
        }
    }

    @GyreTest
    void objectWait(TestLoop test) {
        Object monitor = new Object();
        boolean[] notified = {false};
        loopLives(
                test,
                () -> {
                    synchronized (monitor) {
                        while (!notified[0]) {
                            monitor.wait();
                        }
                    }
                },
                () -> {
                    synchronized (monitor) {
                        notified[0] = true;
                        monitor.notifyAll();
                    }
                });
    }

    @GyreTest
    void aCondition(TestLoop test) {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        boolean[] signalled = {false};
        loopLives(
                test,
                () -> {
                    lock.lock();
                    try {
                        while (!signalled[0]) {
                            condition.await();
                        }
                    } finally {
                        lock.unlock();
                    }
                },
                () -> {
                    lock.lock();
                    try {
                        signalled[0] = true;
                        condition.signal();
                    } finally {
                        lock.unlock();
                    }
                });
    }

    @GyreTest
    void aBlockingQueue(TestLoop test) {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        loopLives(test, () -> assertThat(queue.take()).isEqualTo("item"), () -> queue.add("item"));
    }

    @GyreTest
    void completableFutureGet(TestLoop test) {
        CompletableFuture<String> future = new CompletableFuture<>();
        loopLives(
                test,
                () -> assertThat(future.get()).isEqualTo("value"),
                () -> future.complete("value"));
    }

    @GyreTest
    void aCountDownLatch(TestLoop test) {
        CountDownLatch latch = new CountDownLatch(1);
        loopLives(test, latch::await, latch::countDown);
    }

    @GyreTest
    void anExchanger(TestLoop test) {
        Exchanger<String> exchanger = new Exchanger<>();
        loopLives(
                test,
                () -> assertThat(exchanger.exchange("a")).isEqualTo("b"),
                () -> assertThat(exchanger.exchange("b")).isEqualTo("a"));
    }

    @GyreTest
    void threadJoin(TestLoop test) {
        CountDownLatch latch = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> awaitQuietly(latch));
        loopLives(test, thread::join, latch::countDown);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @GyreTest
    void theResultOfAPlatformExecutor(TestLoop test) throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            loopLives(
                    test, () -> executor.submit(() -> awaitQuietly(latch)).get(), latch::countDown);
        }
    }

    @GyreTest
    void aPipedInputStream(TestLoop test) throws Exception {
        try (PipedInputStream in = new PipedInputStream();
                PipedOutputStream out = new PipedOutputStream(in)) {
            loopLives(
                    test,
                    () -> assertThat(in.read()).isEqualTo(7),
                    () -> {
                        out.write(7);
                        out.flush();
                    });
        }
    }

    @GyreTest
    void socketRead(TestLoop test) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            loopLives(
                    test,
                    () -> assertThat(accepted.getInputStream().read()).isEqualTo(7),
                    () -> client.getOutputStream().write(7));
        }
    }

    @GyreTest
    void socketAccept(TestLoop test) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket()) {
            loopLives(
                    test,
                    () -> server.accept().close(),
                    () -> client.connect(server.getLocalSocketAddress()));
        }
    }

    @GyreTest
    void datagramReceive(TestLoop test) throws Exception {
        try (DatagramSocket receiver =
                        new DatagramSocket(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                DatagramChannel sender = DatagramChannel.open()) {
            DatagramPacket packet = new DatagramPacket(new byte[1], 1);
            loopLives(
                    test,
                    () -> receiver.receive(packet),
                    () ->
                            sender.send(
                                    ByteBuffer.wrap(new byte[] {7}),
                                    receiver.getLocalSocketAddress()));
            assertThat(packet.getLength()).isEqualTo(1);
        }
    }

    @GyreTest
    void aBlockingPipe(TestLoop test) throws Exception {
        Pipe pipe = Pipe.open();
        try (var source = pipe.source();
                var sink = pipe.sink()) {
            loopLives(
                    test,
                    () -> assertThat(source.read(ByteBuffer.allocate(1))).isEqualTo(1),
                    () -> sink.write(ByteBuffer.wrap(new byte[] {7})));
        }
    }

    @GyreTest
    void selectorSelect(TestLoop test) throws Exception {
        try (Selector selector = Selector.open()) {
            loopLives(test, selector::select, selector::wakeup);
        }
    }

    @GyreTest
    void processWaitFor(TestLoop test) throws Exception {
        Process process = new ProcessBuilder("cat").start();
        loopLives(
                test,
                () -> assertThat(process.waitFor()).isZero(),
                () -> process.getOutputStream().close());
    }

    @GyreTest
    void theResultOfTheCommonPool(TestLoop test) {
        CountDownLatch latch = new CountDownLatch(1);
        CompletableFuture<Void> work = CompletableFuture.runAsync(() -> awaitQuietly(latch));
        loopLives(test, work::join, latch::countDown);
    }

    @GyreTest
    void theResultOfAVirtualThreadThatItStarts(TestLoop test) {
        CountDownLatch latch = new CountDownLatch(1);
        loopLives(
                test,
                () -> {
                    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                        executor.submit(() -> awaitQuietly(latch)).get();
                    }
                },
                latch::countDown);
    }

    @GyreTest
    void aBinOfAConcurrentHashMapInWhichAnotherThreadComputes(TestLoop test) throws Exception {
        ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
        CountDownLatch computing = new CountDownLatch(1);
        CountDownLatch latch = new CountDownLatch(1);
        Thread computer =
                Thread.ofPlatform()
                        .start(() ->
                                map.computeIfAbsent(
                                        "key",
                                        key -> {
                                            computing.countDown();
                                            awaitQuietly(latch);
                                            return 7;
                                        }));
        computing.await();
        loopLives(
                test,
                () -> assertThat(map.computeIfAbsent("key", key -> 8)).isEqualTo(7),
                latch::countDown);
        computer.join();
    }

    @GyreTest
    void threadYield(TestLoop test) {
        boolean[] over = {false};
        loopLives(
                test,
                () -> {
                    while (!over[0]) {
                        BlockingCalls.yieldThread();
                    }
                },
                () -> over[0] = true);
    }

    /// Ended by the JDK's own timer, which then finds its way to the loop.
    @GyreTest
    @SuppressWarnings("WaitNotInLoop") // It may end for no reason too.
    void waitsThatEndByThemselves(TestLoop test) throws Exception {
        Object monitor = new Object();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(1);
            Task<Void> waiter =
                    new Play(test)
                            .spawn(
                                    "waiter",
                                    () -> {
                                        BlockingCalls.sleep(Duration.ofMillis(1));
                                        LockSupport.parkNanos(1_000_000);
                                        synchronized (monitor) {
                                            monitor.wait(1);
                                        }
                                        assertThatExceptionOfType(SocketTimeoutException.class)
                                                .isThrownBy(server::accept);
                                    });

            test.runUntil(waiter::isDone);

            assertThat(waiter.state()).isEqualTo(Future.State.SUCCESS);
        }
    }
}
