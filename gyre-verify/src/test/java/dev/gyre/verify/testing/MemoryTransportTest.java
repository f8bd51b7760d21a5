package dev.gyre.verify.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.Transport;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.MemoryTransport.Faults;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryTransportTest {

    private final MemoryTransport.Pair pair = MemoryTransport.pair(10);
    private final MemoryTransport near = pair.near();
    private final MemoryTransport far = pair.far();

    /// Notes what it hears, and can read until there is nothing left.
    private static final class Ear implements Transport.Target {

        private final List<Integer> heard = new ArrayList<>();

        @Override
        public void ready(int events) {
            heard.add(events);
        }

        @Override
        public boolean isBare() {
            return true;
        }
    }

    private static int write(Transport end, String text) throws IOException {
        return end.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String read(Transport end, int countMax) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(countMax);
        int count = end.read(buffer);
        return count < 0 ? "END" : new String(buffer.array(), 0, count, StandardCharsets.US_ASCII);
    }

    @Test
    void bytesComeOutInOrderWhereverTheRingWraps() throws IOException {
        StringBuilder received = new StringBuilder();

        for (int round = 0; round < 20; round++) {
            assertThat(write(near, "abcdefg")).isEqualTo(7);
            received.append(read(far, 3)).append(read(far, 10));
        }

        assertThat(received).hasToString("abcdefg".repeat(20));
        assertThat(read(far, 10)).isEmpty();
    }

    @Test
    void aConnectionHoldsAsMuchAsItsCapacity() throws IOException {
        assertThat(write(near, "0123456789ab")).isEqualTo(10);
        assertThat(write(near, "ab")).isZero();
        assertThat(read(far, 1)).isEqualTo("0");
        assertThat(write(near, "ab")).isEqualTo(1);
        assertThat(write(far, "other")).isEqualTo(5);

        assertThatIllegalArgumentException().isThrownBy(() -> MemoryTransport.pair(0));
    }

    @Test
    void theEndComesAfterTheBytesAndEverAfter() throws IOException {
        write(near, "last");
        near.shutdownOutput();

        assertThat(read(far, 10)).isEqualTo("last");
        assertThat(read(far, 10)).isEqualTo("END");
        assertThat(read(far, 10)).isEqualTo("END");
        assertThat(write(far, "answer")).isEqualTo(6);
        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> write(near, "more"));
    }

    @Test
    void toCloseIsToEndForThePeerWhoseWritesFailThen() throws IOException {
        write(near, "last");

        near.close();

        assertThat(read(far, 10)).isEqualTo("last");
        assertThat(read(far, 10)).isEqualTo("END");
        assertThatIOException().isThrownBy(() -> write(far, "x")).withMessage("Broken pipe");
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> read(near, 1));
        assertThat(near.isClosed()).isTrue();
        assertThat(far.isClosed()).isFalse();
    }

    @Test
    void toCloseWithBytesUnreadIsToReset() throws IOException {
        write(far, "unread");

        near.close();

        assertThatIOException().isThrownBy(() -> read(far, 1)).withMessage("Connection reset");
    }

    @Test
    void aResetLosesWhatIsUnderWayAndFailsBothEnds() throws IOException {
        write(near, "lost");

        near.reset(new IOException("cable cut"));

        assertThatIOException().isThrownBy(() -> write(near, "x")).withMessage("cable cut");
        assertThatIOException().isThrownBy(() -> read(far, 1)).withMessage("Connection reset");
    }

    @Test
    void faultsDecideHowManyBytesACallMoves() throws IOException {
        near.faults(Faults.pieces(2));
        write(far, "abc");

        assertThat(write(near, "12345")).isEqualTo(2);
        assertThat(read(near, 10)).isEqualTo("ab");
        assertThat(near.calls()).isEqualTo(2);
        assertThat(far.calls()).isEqualTo(1);
    }

    @Test
    void faultsHideBytesAndRoomAndTheEndForOneCall() throws IOException {
        write(far, "a");
        far.shutdownOutput();
        near.faults(Faults.wouldBlockAt(0));
        assertThat(read(near, 10)).isEmpty();
        assertThat(read(near, 10)).isEqualTo("a");
        near.faults(Faults.wouldBlockAt(2));
        assertThat(read(near, 10)).isEmpty();
        assertThat(read(near, 10)).isEqualTo("END");
    }

    @Test
    void faultsResetTheConnectionAtAnyCall() throws IOException {
        near.faults(Faults.resetAt(2));
        write(near, "a");
        read(near, 1);

        assertThatIOException().isThrownBy(near::shutdownOutput).withMessage("Connection reset");
        assertThatIOException().isThrownBy(() -> read(far, 1)).withMessage("Connection reset");
    }

    @GyreTest
    void readinessIsToldInEachTurnAndNeverInsideACall(TestLoop test) throws IOException {
        Ear ear = new Ear();
        near.attach(test.loop(), ear);
        near.watch(IOLoop.READ);
        write(far, "a");
        assertThat(ear.heard).isEmpty();

        test.runUntil(() -> ear.heard.size() == 3);
        near.watch(IOLoop.NONE);
        test.runUntilIdle();

        assertThat(ear.heard).containsExactly(IOLoop.READ, IOLoop.READ, IOLoop.READ);
        near.close();
    }

    @GyreTest
    void nothingIsToldOfWhatWasReadMeanwhile(TestLoop test) throws IOException {
        Ear ear = new Ear();
        near.attach(test.loop(), ear);
        near.watch(IOLoop.READ);
        write(far, "a");

        read(near, 1);
        test.runUntilIdle();

        assertThat(ear.heard).isEmpty();
        near.close();
    }

    @GyreTest
    void roomIsToldOnceThePeerHasRead(TestLoop test) throws IOException {
        Ear ear = new Ear();
        near.attach(test.loop(), ear);
        write(near, "0123456789");
        near.watch(IOLoop.WRITE);
        test.runUntilIdle();
        assertThat(ear.heard).isEmpty();

        read(far, 1);
        test.runUntil(() -> !ear.heard.isEmpty());

        assertThat(ear.heard).containsExactly(IOLoop.WRITE);
        near.close();
    }

    @GyreTest
    void pretendedReadinessIsToldOnceAsFarAsItIsWatched(TestLoop test) {
        Ear ear = new Ear();
        near.attach(test.loop(), ear);
        near.watch(IOLoop.READ);

        near.pretendReady(IOLoop.READ | IOLoop.WRITE);
        test.runUntilIdle();

        assertThat(ear.heard).containsExactly(IOLoop.READ);
        near.close();
    }

    @GyreTest
    void aTargetThatWasReplacedHearsNothing(TestLoop test) throws IOException {
        Ear first = new Ear();
        Ear second = new Ear();
        near.attach(test.loop(), first);
        near.watch(IOLoop.READ);
        write(far, "a");

        near.attach(test.loop(), second);
        near.watch(IOLoop.READ);
        test.runUntil(() -> !second.heard.isEmpty());

        assertThat(first.heard).isEmpty();
        near.close();
    }

    @GyreTest
    void theEndsMayBeOnTwoLoopsOfOneThread(TestLoop test) {
        try (TestLoop other = new TestLoop()) {
            IOStream here = new IOStream(test.loop(), near);
            IOStream there = new IOStream(other.loop(), far);
            List<String> lines = new ArrayList<>();

            here.write("a line of more than ten bytes\n");
            there.readLine().onDone(lines::add, failure -> {});
            for (int round = 0; round < 10; round++) {
                test.runUntilIdle();
                other.runUntilIdle();
            }

            assertThat(lines).containsExactly("a line of more than ten bytes");
            here.close();
            there.close();
        }
    }

    @GyreTest
    void aLoopThatIsClosedClosesItsEnds(TestLoop test) throws IOException {
        try (TestLoop other = new TestLoop()) {
            IOStream there = new IOStream(other.loop(), far);
            assertThat(there.isOpen()).isTrue();
            assertThat(other.leftovers()).hasSize(1).first().asString().contains("192.0.2.2");
        }

        assertThat(far.isClosed()).isTrue();
        assertThat(read(near, 1)).isEqualTo("END");
    }
}
