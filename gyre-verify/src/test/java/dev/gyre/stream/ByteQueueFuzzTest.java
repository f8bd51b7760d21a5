package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gyre.verify.fuzz.Choices;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Any script of operations on a queue of bytes gives what a plain string gives. It is in this
/// package since the queue is.
final class ByteQueueFuzzTest {

    /// How often what is added is repeated at most: enough for several segments.
    private static final int TIMES_MAX = 300;

    @FuzzTest
    void fuzz(byte[] script) {
        new Run(new Choices(script)).toTheEnd();
    }

    /// One script, on the queue and on its model.
    private static final class Run {

        private final Choices choices;
        private final ByteQueue queue = new ByteQueue(new Segments());

        /// What must be in the queue, as Latin-1.
        private String model = "";

        Run(Choices choices) {
            this.choices = choices;
        }

        void toTheEnd() {
            while (choices.areLeft()) {
                if (choices.below(4) == 0) {
                    lend();
                } else {
                    step();
                }
            }
            assertThat(text(queue.take(queue.size()))).isEqualTo(model);
            assertThat(queue.isEmpty()).isTrue();
        }

        /// What is lent is looked at before it goes back, and then overwritten.
        private void lend() {
            byte[] added = more();
            byte[] room = new byte[added.length + choices.below(20)];
            queue.lend(ByteBuffer.wrap(added), room);
            model += text(added);
            for (int steps = choices.below(4); steps > 0; steps--) {
                remove();
            }
            queue.keep();
            Arrays.fill(room, (byte) '#');
            check();
        }

        private void step() {
            if (choices.yes()) {
                byte[] added = more();
                queue.append(ByteBuffer.wrap(added));
                model += text(added);
            } else {
                remove();
            }
            check();
        }

        private byte[] more() {
            String unit = text(choices.bytes(choices.below(20)));
            return unit.repeat(1 + choices.below(TIMES_MAX)).getBytes(StandardCharsets.ISO_8859_1);
        }

        private void remove() {
            int count = choices.below(1 + Math.min(model.length(), Character.MAX_VALUE));
            switch (choices.below(6)) {
                case 0 -> assertThat(text(queue.take(count))).isEqualTo(removed(count));
                case 1 -> {
                    queue.skip(count);
                    removed(count);
                }
                case 2 -> assertThat(text(queue.peek(count))).isEqualTo(model.substring(0, count));
                case 3 -> {
                    ByteBuffer target = ByteBuffer.allocate(count);
                    assertThat(queue.take(target)).isEqualTo(count);
                    assertThat(text(target.array())).isEqualTo(removed(count));
                }
                default -> find();
            }
        }

        private String removed(int count) {
            String front = model.substring(0, count);
            model = model.substring(count);
            return front;
        }

        private void find() {
            byte[] wanted = choices.bytes(1 + choices.below(5));
            if (wanted.length > 0) {
                int start = model.indexOf(text(wanted));
                int end = start < 0 ? -1 : start + wanted.length;
                assertThat(queue.findEnd(new Needle(wanted))).isEqualTo(end);
            }
        }

        private void check() {
            assertThat(queue.size()).isEqualTo(model.length());
            assertThat(queue.isAscii(model.length()))
                    .isEqualTo(model.chars().allMatch(character -> character < 0x80));
        }

        private static String text(byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
