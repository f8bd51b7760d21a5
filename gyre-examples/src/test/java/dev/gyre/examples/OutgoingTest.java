package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class OutgoingTest {

    /// A socket with little room: it takes a few bytes of each write, or none.
    private static final class NarrowChannel implements WritableByteChannel {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        /// How much the next write takes at most.
        private int room;

        @Override
        public int write(ByteBuffer source) {
            int count = Math.min(room, source.remaining());
            for (int i = 0; i < count; i++) {
                taken.write(source.get());
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // The channel has nothing to close.
        }
    }

    private final Outgoing outgoing = new Outgoing();
    private final NarrowChannel channel = new NarrowChannel();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void keepsWhatTheChannelDidNotTake() throws Exception {
        outgoing.add(bytes("hello"));
        assertThat(outgoing.begin()).asString().isEqualTo("hello");

        channel.room = 3;
        outgoing.send(channel);

        assertThat(outgoing.isUnderWay()).isTrue();
        assertThat(channel.taken).hasToString("hel");

        outgoing.send(channel);

        assertThat(outgoing.isUnderWay()).isFalse();
        assertThat(channel.taken).hasToString("hello");
    }

    @Test
    void keepsAllWhenTheChannelTookNothing() throws Exception {
        outgoing.add(bytes("hello"));
        assertThat(outgoing.begin()).isNotNull();

        outgoing.send(channel);

        assertThat(outgoing.isUnderWay()).isTrue();
        assertThat(channel.taken.size()).isZero();
    }

    @Test
    void beginsMessagesInTheirOrderAndThenNone() throws Exception {
        channel.room = 10;
        outgoing.add(bytes("one"));
        outgoing.add(bytes("two"));

        assertThat(outgoing.begin()).asString().isEqualTo("one");
        outgoing.send(channel);
        assertThat(outgoing.begin()).asString().isEqualTo("two");
        outgoing.send(channel);

        assertThat(outgoing.begin()).isNull();
        assertThat(outgoing.isUnderWay()).isFalse();
        assertThat(channel.taken).hasToString("onetwo");
    }

    @Test
    void refusesToBeginBeforeTheLastMessageIsSent() {
        outgoing.add(bytes("one"));
        outgoing.add(bytes("two"));
        assertThat(outgoing.begin()).isNotNull();

        assertThatThrownBy(outgoing::begin)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("3 bytes are still to be sent");
    }
}
