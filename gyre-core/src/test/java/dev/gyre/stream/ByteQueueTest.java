package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ByteQueueTest {

    private final ByteQueue queue = new ByteQueue(new Segments());

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Needle needle(String text) {
        return new Needle(bytes(text));
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private void append(String text) {
        queue.append(ByteBuffer.wrap(bytes(text)));
    }

    private String take(int count) {
        return new String(queue.take(count), StandardCharsets.ISO_8859_1);
    }

    @Test
    void bytesComeOutInTheOrderInWhichTheyWentIn() {
        append("abc");
        append("def");

        assertThat(take(4)).isEqualTo("abcd");
        append("ghi");
        assertThat(new String(queue.peek(3), StandardCharsets.ISO_8859_1)).isEqualTo("efg");
        queue.skip(1);
        assertThat(queue).hasToString("ByteQueue[4 bytes]");
        assertThat(take(4)).isEqualTo("fghi");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void lentBytesAreCopiedWhenTheirBufferGoesBack() {
        byte[] lent = new byte[20];
        queue.lend(direct(bytes("lent bytes")), lent);
        assertThat(take(5)).isEqualTo("lent ");

        queue.keep();
        Arrays.fill(lent, (byte) 'x');

        assertThat(take(5)).isEqualTo("bytes");
    }

    @Test
    void lentBytesThatWereTakenLeaveNothingBehind() {
        queue.lend(direct(bytes("all")), new byte[3]);
        assertThat(take(3)).isEqualTo("all");

        queue.keep();

        assertThat(queue.isEmpty()).isTrue();
        append("next");
        assertThat(take(4)).isEqualTo("next");
    }

    @Test
    void bytesLentToAQueueThatHoldsSomeComeBehindThem() {
        append("first ");
        ByteBuffer lent = direct(bytes("second"));
        queue.lend(lent, new byte[6]);
        lent.clear().put(bytes("######"));

        queue.keep();

        assertThat(take(12)).isEqualTo("first second");
    }

    @Test
    void theFirstOfEveryByteIsFoundAtEveryOffsetAmongAllOthers() {
        for (int wanted = 0; wanted < 256; wanted++) {
            byte[] others = new byte[24];
            Arrays.fill(others, (byte) (wanted ^ 0x80));
            others[3] = (byte) (wanted - 1);
            others[4] = (byte) (wanted + 1);
            for (int offset = 0; offset < others.length; offset++) {
                byte[] content = others.clone();
                content[offset] = (byte) wanted;
                content[content.length - 1] = (byte) wanted;
                assertFoundAt(content, (byte) wanted, offset);
            }
        }
    }

    private static void assertFoundAt(byte[] content, byte wanted, int offset) {
        ByteQueue lent = new ByteQueue(new Segments());
        lent.lend(direct(content), new byte[content.length]);
        ByteQueue copied = new ByteQueue(new Segments());
        copied.append(ByteBuffer.wrap(content));
        Needle needle = new Needle(new byte[] {wanted});

        assertThat(lent.findEnd(needle)).as("%d at %d", wanted, offset).isEqualTo(offset + 1);
        assertThat(copied.findEnd(needle)).as("%d at %d", wanted, offset).isEqualTo(offset + 1);
    }

    @Test
    void theSearchDoesNotDependOnWhereTheContentBegins() {
        for (int skipped = 0; skipped < 20; skipped++) {
            ByteQueue shifted = new ByteQueue(new Segments());
            shifted.append(ByteBuffer.wrap(bytes("\n".repeat(20) + "x".repeat(13) + "\n")));
            shifted.skip(20);
            shifted.skip(Math.min(skipped, 13));

            assertThat(shifted.findEnd(needle("\n"))).isEqualTo(14 - Math.min(skipped, 13));
        }
    }

    @Test
    void aDelimiterIsFoundWhereverItIsSplit() {
        for (String delimiter : new String[] {"\n", "\r\n", "\r\n\r\n", "aabaac", "--boundary--"}) {
            String message = "aabaab\r\r\n\r--boundary" + delimiter;
            for (int split = 0; split <= message.length(); split++) {
                assertFoundInTwoParts(message, split, needle(delimiter));
            }
        }
    }

    private static void assertFoundInTwoParts(String message, int split, Needle needle) {
        ByteQueue parts = new ByteQueue(new Segments());
        int expected = message.indexOf(text(needle)) + needle.size();

        parts.append(ByteBuffer.wrap(bytes(message.substring(0, split))));
        assertThat(parts.findEnd(needle)).isEqualTo(split < expected ? -1 : expected);
        parts.append(ByteBuffer.wrap(bytes(message.substring(split))));

        assertThat(parts.findEnd(needle)).as("%s split at %d", needle, split).isEqualTo(expected);
    }

    private static String text(Needle needle) {
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < needle.size(); index++) {
            text.append((char) needle.byteAt(index));
        }
        return text.toString();
    }

    /// What was looked at is changed behind the queue's back: who looks again would find it.
    @Test
    void aSecondSearchLooksAtNewBytesOnly() {
        byte[] lent = new byte[100];
        queue.lend(direct(new byte[50]), lent);
        assertThat(queue.findEnd(needle("\r\n"))).isEqualTo(-1);

        lent[10] = '\r';
        lent[11] = '\n';
        queue.append(direct(new byte[50]));

        assertThat(queue.findEnd(needle("\r\n"))).isEqualTo(-1);
        lent[98] = '\r';
        lent[99] = '\n';
        assertThat(queue.findEnd(needle("\r\n"))).isEqualTo(-1);
        assertThat(queue.findEnd(needle("\n"))).as("another delimiter").isEqualTo(12);
    }

    @Test
    void aSearchBeginsAnewOnceBytesWereTaken() {
        append("abcdef");
        assertThat(queue.findEnd(needle("x"))).isEqualTo(-1);
        take(4);

        append("x");

        assertThat(queue.findEnd(needle("x"))).isEqualTo(3);
        assertThat(take(3)).isEqualTo("efx");
        append("ax");
        assertThat(queue.findEnd(needle("x"))).isEqualTo(2);
    }

    @Test
    void asciiIsToldFromTheRest() {
        append("abc\u0000\u007f\u0080");

        assertThat(queue.isAscii(5)).isTrue();
        assertThat(queue.isAscii(6)).isFalse();
    }

    /// Does the same with a queue and a plain list of bytes, and compares.
    @Test
    void aQueueIsLikeAListWhateverIsDoneWithIt() {
        long seed = Long.getLong("gyre.seed", 20_261_121);
        for (int run = 0; run < 200; run++) {
            Random random = new Random(seed + run);
            ByteQueue tested = new ByteQueue(new Segments());
            StringBuilder model = new StringBuilder();
            for (int step = 0; step < 300; step++) {
                String did = step(tested, model, random);
                assertThat(content(tested))
                        .as("gyre.seed=%d, run %d, step %d: %s", seed, run, step, did)
                        .isEqualTo(model.toString());
            }
        }
    }

    private static String content(ByteQueue queue) {
        return new String(queue.peek(queue.size()), StandardCharsets.ISO_8859_1);
    }

    private static String step(ByteQueue tested, StringBuilder model, Random random) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> append(tested, model, random);
            case 2 -> lend(tested, model, random);
            case 3 -> take(tested, model, random);
            case 4 -> skip(tested, model, random);
            case 5 -> fill(tested, model, random);
            default -> find(tested, model, random);
        };
    }

    private static String append(ByteQueue tested, StringBuilder model, Random random) {
        String added = randomText(random);
        tested.append(ByteBuffer.wrap(bytes(added)));
        model.append(added);
        return "append " + added.length();
    }

    private static String take(ByteQueue tested, StringBuilder model, Random random) {
        int count = random.nextInt(model.length() + 1);
        assertThat(tested.take(count)).isEqualTo(bytes(model.substring(0, count)));
        model.delete(0, count);
        return "take " + count;
    }

    private static String skip(ByteQueue tested, StringBuilder model, Random random) {
        int count = random.nextInt(model.length() + 1);
        tested.skip(count);
        model.delete(0, count);
        return "skip " + count;
    }

    private static String find(ByteQueue tested, StringBuilder model, Random random) {
        String wanted = "ab".repeat(1 + random.nextInt(3)).substring(random.nextInt(2));
        int start = model.indexOf(wanted);
        assertThat(tested.findEnd(needle(wanted)))
                .isEqualTo(start < 0 ? -1 : start + wanted.length());
        return "find " + wanted;
    }

    private static String lend(ByteQueue tested, StringBuilder model, Random random) {
        String added = randomText(random);
        byte[] lent = new byte[added.length()];
        tested.lend(direct(bytes(added)), lent);
        model.append(added);
        String taken = take(tested, model, random);
        tested.keep();
        Arrays.fill(lent, (byte) 0);
        return "lend " + added.length() + ", " + taken;
    }

    private static String fill(ByteQueue tested, StringBuilder model, Random random) {
        ByteBuffer target = ByteBuffer.allocate(random.nextInt(300));
        int count = tested.take(target);
        assertThat(count).isEqualTo(Math.min(model.length(), target.capacity()));
        assertThat(target.position()).isEqualTo(count);
        assertThat(Arrays.copyOf(target.array(), count))
                .isEqualTo(bytes(model.substring(0, count)));
        model.delete(0, count);
        return "fill " + target.capacity();
    }

    /// Returns a text of few different characters, so that delimiters are found, and nearly found.
    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(random.nextInt(10) == 0 ? 2000 : 30);
        for (int index = 0; index < length; index++) {
            text.append("abbc\u00ff".charAt(random.nextInt(5)));
        }
        return text.toString();
    }
}
