package dev.gyre.verify.simulation;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.UnsatisfiableReadException;
import dev.gyre.testing.Simulation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Future.State;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a text that it knows from a stream, by drawn reads of which it gives up some, and fails
/// where one gives anything else than a look at the text does.
final class ModelReader {

    private static final Pattern PATTERN = Pattern.compile("\r?\n");

    /// What a read gives up with; no text has this letter.
    private static final String GIVEN_UP = "?";

    /// What it fails with at the end of input, and when too much comes.
    private static final String ENDED = "<ended>";

    private static final String TOO_MUCH = "<too much>";

    private final IOStream stream;
    private final Random random;
    private final int size;

    /// What was searched for last.
    private String delimiter = "\n";

    /// What was not read yet.
    private String rest;

    /// What the outstanding read has been given, and moves to; empty for most.
    private ByteBuffer target = ByteBuffer.allocate(0);

    ModelReader(Simulation simulation, IOStream stream, String text, Random random) {
        this.stream = stream;
        this.random = random;
        size = text.length();
        rest = text;
        simulation.checkAlways(this::check);
    }

    /// What has come is what was read, what can be read, and no more than there is.
    private void check() {
        long read = (long) size - rest.length();
        if (stream.bytesIn() < read || stream.bytesIn() > size) {
            throw new AssertionError(
                    "%d bytes have come and %d were read, of %d"
                            .formatted(stream.bytesIn(), read, size));
        }
    }

    void readToTheEnd() {
        while (!rest.isEmpty()) {
            readSomehow();
        }
        target = ByteBuffer.allocate(0);
        expect("", answer(stream.readSome(9), ModelReader::latin1), 0);
        expect(ENDED, answer(stream.readBytes(1), ModelReader::latin1), 0);
    }

    private void readSomehow() {
        target = ByteBuffer.allocate(0);
        int count = random.nextInt(random.nextInt(8) == 0 ? 600 : 30);
        if (rest.length() > 10_000 && random.nextInt(3) == 0) {
            // That many bytes go past the buffer of the stream.
            count = 10_000 + random.nextInt(30_000);
        }
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> until();
            case 3 -> exactly(count);
            case 4 -> peek(count);
            case 5 -> some(1 + count);
            case 6 -> line();
            case 7 -> match();
            default -> {
                if (random.nextInt(3) > 0) {
                    into(1 + count);
                } else {
                    someInto(1 + count);
                }
            }
        }
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    // The reads.

    private void until() {
        // Often the one of the last search, which may have been in vain.
        if (random.nextInt(3) == 0) {
            delimiter = ReadsInSimulationTest.delimiter(random);
        }
        int limit = limit();
        int at = rest.indexOf(delimiter);
        String expected = upTo(at < 0 ? -1 : at + delimiter.length(), limit);
        String answer = answer(stream.readUntil(delimiter, limit), ModelReader::latin1);
        expect(expected, answer, answer.length());
    }

    private void match() {
        int limit = limit();
        Matcher matcher = PATTERN.matcher(rest);
        String expected = upTo(matcher.find() ? matcher.end() : -1, limit);
        String answer = answer(stream.readUntilRegex(PATTERN, limit), ModelReader::latin1);
        expect(expected, answer, answer.length());
    }

    private void line() {
        int limit = limit();
        int end = rest.indexOf('\n') + 1;
        String expected = upTo(end == 0 ? -1 : end, limit);
        if (expected.endsWith("\n")) {
            expected = expected.substring(0, end - 1);
            expected =
                    expected.endsWith("\r")
                            ? expected.substring(0, expected.length() - 1)
                            : expected;
        }
        expect(expected, answer(stream.readLine(limit), line -> line), end);
    }

    private int limit() {
        return random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 80_000;
    }

    private String upTo(int end, int limit) {
        if ((end < 0 ? rest.length() : end) > limit) {
            return TOO_MUCH;
        }
        return end < 0 ? ENDED : rest.substring(0, end);
    }

    private void exactly(int count) {
        expect(first(count), answer(stream.readBytes(count), ModelReader::latin1), count);
    }

    private void peek(int count) {
        expect(first(count), answer(stream.peek(count), ModelReader::latin1), 0);
    }

    private String first(int count) {
        return count > rest.length() ? ENDED : rest.substring(0, count);
    }

    private void some(int countMax) {
        isSome(countMax, answer(stream.readSome(countMax), ModelReader::latin1));
    }

    /// At least one byte, as the end has not come.
    private void isSome(int countMax, String answer) {
        boolean isRight = !answer.isEmpty() && answer.length() <= countMax;
        expect(isRight ? first(answer.length()) : "some", answer, answer.length());
    }

    /// In the middle of a buffer, which a read that is given up leaves as it was.
    private void into(int count) {
        ByteBuffer room = room(count);
        String answer = answer(stream.readInto(room), n -> filled(room, n));
        String expected = first(count);
        if (expected.equals(ENDED) && answer.equals(ENDED)) {
            String got = filled(room, room.position() - 2);
            expect(rest, got, got.length());
        } else {
            expect(expected, answer, answer.length());
        }
    }

    private void someInto(int countMax) {
        ByteBuffer room = room(countMax);
        isSome(countMax, answer(stream.readSomeInto(room), n -> filled(room, n)));
    }

    private ByteBuffer room(int count) {
        ByteBuffer room =
                random.nextBoolean()
                        ? ByteBuffer.allocate(count + 5)
                        : ByteBuffer.allocateDirect(count + 5);
        target = room.position(2).limit(count + 2);
        return room;
    }

    private static String filled(ByteBuffer room, int count) {
        byte[] bytes = new byte[count];
        room.get(2, bytes);
        return latin1(bytes);
    }

    // The answers of reads.

    private void expect(String expected, String answer, int taken) {
        if (answer.equals(GIVEN_UP)) {
            return;
        }
        if (!answer.equals(expected)) {
            throw new AssertionError(
                    "expected \"%s\", but a read gave \"%s\"".formatted(expected, answer));
        }
        if (!answer.equals(ENDED) && !answer.equals(TOO_MUCH)) {
            rest = rest.substring(taken);
        }
    }

    private <T> String answer(LoopFuture<T> read, Function<T, String> text) {
        boolean wasThere = read.isDone();
        try {
            T value = valueOf(read);
            return value == null ? GIVEN_UP : text.apply(value);
        } catch (StreamClosedException e) {
            return e.isOrderly() ? ENDED : "<" + e + ">";
        } catch (UnsatisfiableReadException e) {
            return TOO_MUCH;
        } finally {
            if (!wasThere) {
                isFree();
            }
        }
    }

    /// Returns null if the read was given up.
    private <T> T valueOf(LoopFuture<T> read) {
        switch (random.nextInt(4)) {
            case 0 -> {
                try {
                    return read.await(moment());
                } catch (DeadlineExceededException e) {
                    wasGivenUp(read);
                    return null;
                }
            }
            case 1 -> {
                Task.sleep(moment());
                if (read.cancel()) {
                    wasGivenUp(read);
                    return null;
                }
                return read.await();
            }
            default -> {
                return read.await();
            }
        }
    }

    private void wasGivenUp(LoopFuture<?> read) {
        if (read.state() != State.CANCELLED || target.position() > 2) {
            throw new AssertionError("a read that was given up is " + read.state());
        }
    }

    private Duration moment() {
        return Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 300 : 5));
    }

    /// The next read is free to begin, whatever came of the last one.
    private void isFree() {
        LoopFuture<byte[]> peek = stream.peek(0);
        if (peek.state() != State.SUCCESS) {
            throw new AssertionError("nothing to peek at is " + peek.state());
        }
    }
}
