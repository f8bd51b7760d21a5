package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A peer that says more than anybody reads, reads nothing itself, and leaves, costs no descriptor.
class UnreadLastWordsTest {

    private static final int BUFFER = 16 * 1024;

    /// Gives bytes without end, and takes none.
    private static final class Talkative extends IdleConnection {

        private final IOLoop loop;
        private Target target;
        private int watched;
        private boolean telling;

        Talkative(IOLoop loop) {
            super(InetSocketAddress.createUnresolved("nowhere", 1));
            this.loop = loop;
        }

        @Override
        public void attach(IOLoop ownLoop, Target newTarget) {
            target = newTarget;
        }

        @Override
        public void watch(int events) {
            watched = events;
            if (!telling) {
                telling = true;
                loop.addCallback(this::tell);
            }
        }

        /// There is always something to read.
        private void tell() {
            telling = !isClosed() && (watched & IOLoop.READ) != 0;
            if (telling) {
                target.ready(IOLoop.READ);
                loop.addCallback(this::tell);
            }
        }

        @Override
        public int read(ByteBuffer room) {
            int count = Math.min(room.remaining(), BUFFER / 4);
            room.position(room.position() + count);
            return count;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            throw new IOException("Broken pipe");
        }
    }

    private static IOStream failed(TestLoop test, Talkative peer) {
        IOStream stream =
                new IOStream(
                        test.loop(), peer, StreamOptions.defaults().withReadBufferBytesMax(BUFFER));
        test.loop().addCallback(() -> stream.write("x").observe());
        test.runUntilIdle();
        return stream;
    }

    @GyreTest
    void aStreamThatNobodyReadsIsClosedWithTheFailureOfTheWrite(TestLoop test) {
        Talkative peer = new Talkative(test.loop());
        IOStream stream = failed(test, peer);
        List<StreamClosedException> ends = new ArrayList<>();
        stream.onClose(ends::add);
        assertThat(stream.isOpen()).isTrue();

        // In the first ten seconds some came, and filled the buffer.
        test.advance(Duration.ofSeconds(20));

        assertThat(peer.isClosed()).isTrue();
        assertThat(ends)
                .singleElement()
                .satisfies(end -> assertThat(end.getCause()).hasMessage("Broken pipe"));
    }

    @GyreTest
    void oneThatIsReadNowAndThenStaysOpen(TestLoop test) {
        Talkative peer = new Talkative(test.loop());
        IOStream stream = failed(test, peer);

        for (int i = 0; i < 10; i++) {
            LoopFuture<byte[]> read = stream.readSome(BUFFER);
            test.advance(Duration.ofSeconds(9));
            assertThat(read.resultNow()).isNotEmpty();
        }

        assertThat(stream.isOpen()).isTrue();
        stream.close();
    }
}
