package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.MemoryTransport.Faults;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/// One dialogue that uses most verbs, with a fault at each of its calls in turn.
final class FaultsAtEveryCallTest {

    private static final int CAPACITY = 300;
    private static final byte[] BODY = Bytes.pattern(2000);

    /// What the two sides heard in a run without faults.
    private static final List<String> CLEAN =
            List.of(
                    "server: line HELO",
                    "client: frame OK\r\n",
                    "server: body whole",
                    "server: end",
                    "client: echo whole",
                    "server: closed",
                    "client: closed");

    /// One run of the dialogue.
    private static final class Run {

        final MemoryTransport.Pair pair = MemoryTransport.pair(CAPACITY);
        final List<String> heard = new ArrayList<>();
        final List<StreamClosedException> failures = new ArrayList<>();
        private final TestLoop test;
        private IOStream server;
        private IOStream client;
        private Task<?> serving;
        private Task<?> asking;

        Run(TestLoop test) {
            this.test = test;
        }

        Run start() {
            IOLoop loop = test.loop();
            StreamOptions halfOpen = StreamOptions.defaults().withHalfOpen();
            server = new IOStream(loop, pair.near(), halfOpen);
            client = new IOStream(loop, pair.far(), halfOpen);
            server.onClose(cause -> heard.add("server: closed"));
            client.onClose(cause -> heard.add("client: closed"));
            serving = loop.spawn("server", () -> guarded(this::serve));
            asking = loop.spawn("client", () -> guarded(this::ask));
            return this;
        }

        Run toItsEnd() {
            test.runUntilIdle();
            assertThat(serving.isDone() && asking.isDone()).as(test.loop().dumpTasks()).isTrue();
            assertThat(server.isOpen() || client.isOpen()).isFalse();
            assertThat(pair.near().isClosed() && pair.far().isClosed()).isTrue();
            return this;
        }

        private Void guarded(Runnable part) {
            try {
                part.run();
            } catch (StreamClosedException e) {
                failures.add(e);
                e.stream().close();
            }
            return null;
        }

        private void serve() {
            heard.add("server: line " + server.readLine().await());
            server.write("OK\r\n");
            ByteBuffer body = ByteBuffer.allocate(BODY.length);
            server.readInto(body).await();
            heard.add("server: body " + whole(body.array()));
            assertThat(server.readSome(1).await()).isEmpty();
            heard.add("server: end");
            server.write(body.flip());
            server.closeAfterFlush().await();
        }

        private void ask() {
            client.write("HE");
            client.write("LO\n");
            heard.add("client: frame " + Dialogue.text(client.readUntil("\r\n").await()));
            for (int start = 0; start < BODY.length; start += 500) {
                client.write(ByteBuffer.wrap(BODY, start, 500));
                client.drain().await();
            }
            client.shutdownOutput().await();
            heard.add("client: echo " + whole(client.readUntilClose().await()));
        }

        private static String whole(byte[] received) {
            return Arrays.equals(received, BODY) ? "whole" : "of " + received.length;
        }
    }

    private static Run run(TestLoop test, Faults near, Faults far) {
        Run run = new Run(test);
        run.pair.near().faults(near);
        run.pair.far().faults(far);
        return run.start().toItsEnd();
    }

    private static void assertClean(Run run, String fault) {
        assertThat(run.failures).as(fault).isEmpty();
        assertThat(run.heard).as(fault).containsExactlyInAnyOrderElementsOf(CLEAN);
    }

    /// Runs the dialogue with a fault at each call of each end.
    private static void atEveryCall(
            TestLoop test, IntFunction<Faults> fault, BiConsumer<Run, String> check) {
        Faults none = call -> Integer.MAX_VALUE;
        Run clean = run(test, none, none);
        assertClean(clean, "no fault");
        int nearCalls = clean.pair.near().calls();
        int farCalls = clean.pair.far().calls();
        assertThat(Math.min(nearCalls, farCalls)).isGreaterThan(10);
        for (int call = 0; call < nearCalls; call++) {
            check.accept(run(test, fault.apply(call), none), "server's call " + call);
        }
        for (int call = 0; call < farCalls; call++) {
            check.accept(run(test, none, fault.apply(call)), "client's call " + call);
        }
    }

    @GyreTest
    void aCallThatWouldBlockChangesNothing(TestLoop test) {
        atEveryCall(test, Faults::wouldBlockAt, FaultsAtEveryCallTest::assertClean);
    }

    @GyreTest
    void aCallThatMovesOneByteChangesNothing(TestLoop test) {
        atEveryCall(
                test,
                fault -> call -> call == fault ? 1 : Integer.MAX_VALUE,
                FaultsAtEveryCallTest::assertClean);
    }

    @GyreTest
    void piecesOfAnySizeChangeNothing(TestLoop test) {
        for (int size = 1; size < 20; size++) {
            assertClean(
                    run(test, Faults.pieces(size), Faults.pieces(21 - size)), "pieces of " + size);
        }
    }

    @GyreTest
    void everySecondCallWouldBlock(TestLoop test) {
        Faults everySecond = call -> call % 2 == 0 ? 0 : Integer.MAX_VALUE;

        assertClean(run(test, everySecond, everySecond), "every second call");
    }

    @GyreTest
    void spuriousReadinessChangesNothing(TestLoop test) {
        Run run = new Run(test);
        for (MemoryTransport end : List.of(run.pair.near(), run.pair.far())) {
            end.faults(call -> {
                end.pretendReady(IOLoop.READ | IOLoop.WRITE);
                return Integer.MAX_VALUE;
            });
        }

        assertClean(run.start().toItsEnd(), "spurious readiness");
    }

    /// Whoever is told of a reset is told by the very exception, or that of the other end; bytes
    /// that were handed out before it are right.
    @GyreTest
    void aResetEndsEverythingOnBothSides(TestLoop test) {
        atEveryCall(
                test,
                Faults::resetAt,
                (run, fault) -> {
                    assertThat(run.heard).as(fault).contains("server: closed", "client: closed");
                    assertThat(CLEAN).as(fault).containsAll(run.heard);
                    for (StreamClosedException failure : run.failures) {
                        assertThat(failure.getCause())
                                .as(fault)
                                .isInstanceOf(IOException.class)
                                .hasMessage("Connection reset");
                        assertThat(failure.isOrderly()).as(fault).isFalse();
                    }
                });
    }

    /// The reader's frames, of a message that is cut at each place.
    @GyreTest
    void anEndAfterAnyNumberOfBytesGivesTheWholeFramesBeforeIt(TestLoop test) throws IOException {
        String message = "line\n0123456789frame\r\n";
        int[] ends = {5, 15, 22};
        for (int sent = 0; sent < message.length(); sent++) {
            MemoryTransport.Pair pair = MemoryTransport.pair();
            List<String> frames = new ArrayList<>();
            IOStream near = new IOStream(test.loop(), pair.near());
            Task<?> reader = test.loop().spawn("reader", () -> readFrames(near, frames));
            pair.far().write(ByteBuffer.wrap(Dialogue.bytes(message), 0, sent));
            pair.far().shutdownOutput();
            test.runUntilIdle();

            int whole = 0;
            while (ends[whole] <= sent) {
                whole++;
            }
            int seen = sent - (whole == 0 ? 0 : ends[whole - 1]);
            assertThat(frames).hasSize(whole + 1);
            assertThat(frames.getLast()).contains("ended by its peer; " + seen + " bytes had come");
            assertThat(reader.isDone() && !near.isOpen()).isTrue();
        }
    }

    private static Void readFrames(IOStream stream, List<String> frames) {
        try {
            frames.add(stream.readLine().await());
            ByteBuffer digits = ByteBuffer.allocate(10);
            stream.readInto(digits).await();
            frames.add(Dialogue.text(digits.array()));
            frames.add(Dialogue.text(stream.readUntil("\r\n").await()));
        } catch (StreamClosedException e) {
            frames.add(e.getMessage());
        }
        return null;
    }

    /// The reader is cancelled after each number of turns, in the middle of any of its reads.
    @GyreTest
    void aCancellationInAnyTurnLosesNoByte(TestLoop test) {
        String message = "line\n0123456789frame\r\nmatch;rest";
        for (int turns = 0; turns < message.length() + 10; turns++) {
            MemoryTransport.Pair pair = MemoryTransport.pair();
            pair.near().faults(Faults.pieces(1));
            IOStream near = new IOStream(test.loop(), pair.near());
            IOStream far = new IOStream(test.loop(), pair.far());
            StringBuilder received = new StringBuilder();
            Task<?> reader = test.loop().spawn("reader", () -> readVerbs(near, received));
            far.write(message);

            cancelAfter(turns, reader, test.loop());
            test.runUntilIdle();
            test.loop()
                    .spawn(
                            "rest",
                            () -> received.append(Dialogue.text(near.readUntilClose().await())));
            far.close();
            test.runUntilIdle();

            assertThat(reader.isDone()).isTrue();
            assertThat(received).as("after %d turns", turns).hasToString(message);
        }
    }

    private static void cancelAfter(int turns, Task<?> task, IOLoop loop) {
        if (turns == 0) {
            task.cancel();
        } else {
            loop.addCallback(() -> cancelAfter(turns - 1, task, loop));
        }
    }

    private static Void readVerbs(IOStream stream, StringBuilder received) {
        received.append(stream.readLine().await()).append('\n');
        byte[] digits = new byte[10];
        stream.readInto(ByteBuffer.wrap(digits)).await();
        received.append(Dialogue.text(digits));
        stream.peek(3).await();
        received.append(Dialogue.text(stream.readUntil("\r\n").await()));
        received.append(Dialogue.text(stream.readBytes(2).await()));
        received.append(Dialogue.text(stream.readSome(2).await()));
        received.append(Dialogue.text(stream.readUntilRegex(Pattern.compile(";")).await()));
        return null;
    }
}
