package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.testing.LoopExtension;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Making streams, who may use them, and what they say about themselves.
final class StreamBasicsTest {

    @OnEachWire
    void aStreamKnowsItsLoopAndItsEnds(Wire wire, TestLoop test) throws IOException {
        try (Dialogue talk = new Dialogue(test, wire)) {
            assertThat(talk.near().loop()).isSameAs(test.loop());
            assertThat(talk.near().isOpen()).isTrue();
            assertThat(talk.near().remoteAddress()).isEqualTo(talk.far().localAddress());
            assertThat(talk.near().toString()).startsWith("IOStream[").endsWith("]");
        }
    }

    @ParameterizedTest
    @ExtendWith(LoopExtension.class)
    @CsvSource({"192.0.2.7, IOStream[192.0.2.7:80]", "2001:db8::1, IOStream[[2001:db8::1]:80]"})
    void aStreamIsNamedByTheAddressOfItsPeer(String address, String name, TestLoop test) {
        MemoryTransport.Pair pair =
                MemoryTransport.pair(
                        InetSocketAddress.createUnresolved("near", 1),
                        new InetSocketAddress(InetAddress.ofLiteral(address), 80),
                        1);

        try (IOStream stream = new IOStream(test.loop(), pair.near())) {
            assertThat(stream).hasToString(name);
        }
    }

    @OnEachWire
    void aForeignThreadIsRefusedWhileTheLoopRuns(Wire wire, TestLoop test) throws IOException {
        try (Dialogue talk = new Dialogue(test, wire)) {
            List<Runnable> calls =
                    List.of(
                            () -> talk.near().readLine(),
                            // An argument is refused later: what is kept of it belongs to the loop.
                            () -> talk.near().readUntil(""),
                            () -> talk.near().write("x"),
                            () -> talk.near().flush(),
                            () -> talk.near().drain(),
                            () -> talk.near().shutdownOutput(),
                            () -> talk.near().closeAfterFlush(),
                            () -> talk.near().onClose(cause -> {}),
                            () -> talk.near().pipeTo(talk.far()),
                            () -> talk.near().close());

            List<Throwable> refusals = talk.get(refusals(test.loop(), calls));

            assertThat(refusals)
                    .hasSize(calls.size())
                    .allSatisfy(refusal ->
                            assertThat(refusal)
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("addCallback"));
            assertThat(talk.near().isOpen()).isTrue();
        }
    }

    private static LoopFuture<List<Throwable>> refusals(IOLoop loop, List<Runnable> calls) {
        CompletableFuture<List<Throwable>> told = new CompletableFuture<>();
        loop.addCallback(() ->
                Thread.ofPlatform()
                        .start(() ->
                                told.complete(
                                        calls.stream().map(StreamBasicsTest::thrown).toList())));
        return loop.adopt(told);
    }

    private static Throwable thrown(Runnable call) {
        try {
            call.run();
            return new AssertionError("nothing was thrown");
        } catch (RuntimeException e) {
            return e;
        }
    }

    @OnEachWire
    void aStreamThatCannotBeMadeClosesItsTransport(Wire wire, TestLoop test) throws IOException {
        Wire.Pair pair = wire.connect();
        IOLoop closed = new IOLoop();
        closed.close();

        assertThatIllegalStateException().isThrownBy(() -> new IOStream(closed, pair.near()));

        try (IOStream far = new IOStream(test.loop(), pair.far())) {
            test.runUntil(() -> !far.isOpen());
        }
    }

    @OnEachWire
    void theFailureOfAStreamHasTheFramesOfWhoAwaits(Wire wire, TestLoop test) throws IOException {
        try (Dialogue talk = new Dialogue(test, wire)) {
            List<StackTraceElement[]> traces = new ArrayList<>();
            var reader = talk.loop().spawn("reader", () -> talk.near().readLine().await());
            reader.onDone(line -> {}, failure -> traces.add(failure.getStackTrace()));
            talk.idle();

            talk.far().close();
            talk.until(() -> !traces.isEmpty());

            assertThat(traces.getFirst())
                    .extracting(StackTraceElement::getMethodName)
                    .anyMatch(name -> name.contains("theFailureOfAStreamHasTheFramesOfWhoAwaits"));
        }
    }

    @OnEachWire
    void failuresThatNobodyLooksAtAreTheStreamsOwnBusiness(Wire wire, TestLoop test)
            throws IOException {
        try (Dialogue talk = new Dialogue(test, wire)) {
            talk.near().readLine();
            talk.near().write(new byte[12_000_000]);
            talk.near().drain();
            talk.far().close();
            talk.until(() -> !talk.near().isOpen());
        }
        test.runUntilIdle();
    }

    @Test
    void socketOptionsAreThoseOfTheSocket() throws IOException {
        try (TestLoop test = new TestLoop();
                Dialogue tcp = new Dialogue(test, Wire.TCP);
                Dialogue unix = new Dialogue(test, Wire.UNIX)) {
            tcp.near().setOption(StandardSocketOptions.SO_RCVBUF, 100_000);

            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(
                            () -> unix.near().setOption(StandardSocketOptions.TCP_NODELAY, true));
            tcp.near().close();
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(
                            () -> tcp.near().setOption(StandardSocketOptions.SO_KEEPALIVE, true))
                    .isNotInstanceOf(StreamClosedException.class);
        }
    }
}
