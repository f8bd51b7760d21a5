package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Body;
import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.TestLoop;
import java.time.Duration;

/// The exception of a deadline says how long there was, what was awaited and for how long, and
/// which deadline it was.
class DeadlineMessageTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private static String messageOf(TestLoop test, Body body) {
        return lateOf(test, body).getMessage();
    }

    private static DeadlineExceededException lateOf(TestLoop test, Body body) {
        Task<Void> task = test.loop().spawn("late", body);
        task.observe();
        test.advance(TEN_SECONDS);
        assertThat(task.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        return (DeadlineExceededException) task.exceptionNow();
    }

    @GyreTest
    void itSaysWhatWasAwaitedAndForHowLong(TestLoop test) {
        LoopFuture<String> never = new LoopFuture<>(test.loop());

        String message =
                messageOf(
                        test,
                        () ->
                                Task.withDeadline(
                                        Play.SECOND,
                                        () -> {
                                            Task.sleep(Duration.ofMillis(400));
                                            never.await();
                                        }));

        assertThat(message).isEqualTo("not done within 1 s: awaited a future for 600 ms");
    }

    @GyreTest
    void aTaskThatIsAwaitedIsNamed(TestLoop test) {
        Task<?> slow = test.loop().spawn("slow", () -> Task.sleep(Play.HOUR));
        slow.observe();

        String message = messageOf(test, () -> slow.await(Play.SECOND));

        assertThat(message).isEqualTo("not done within 1 s: awaited task slow for 1 s");
    }

    @GyreTest
    void aReadIsNamedWithItsStream(TestLoop test) {
        MemoryTransport.Pair pair = MemoryTransport.pair();
        try (IOStream near = new IOStream(test.loop(), pair.near());
                IOStream far = new IOStream(test.loop(), pair.far())) {
            String message = messageOf(test, () -> near.readUntil("\n").await(Play.SECOND));

            assertThat(message)
                    .isEqualTo(
                            "not done within 1 s: awaited a read of bytes up to \"\\n\" from "
                                    + near
                                    + " for 1 s");
            assertThat(far.isOpen()).isTrue();
        }
    }

    @GyreTest
    void aWriteIsNamedWithItsStream(TestLoop test) {
        MemoryTransport.Pair pair = MemoryTransport.pair(10);
        try (IOStream near = new IOStream(test.loop(), pair.near())) {
            String message = messageOf(test, () -> near.write("more than fits").await(Play.SECOND));

            assertThat(message)
                    .isEqualTo("not done within 1 s: awaited a write to " + near + " for 1 s");
        }
    }

    @GyreTest
    void anEndIsNamedWithItsStream(TestLoop test) {
        MemoryTransport.Pair pair = MemoryTransport.pair();
        try (IOStream near = new IOStream(test.loop(), pair.near())) {
            String message = messageOf(test, () -> near.closeAfterFlush().await(Play.SECOND));

            assertThat(message)
                    .isEqualTo("not done within 1 s: awaited the end of " + near + " for 1 s");
            assertThat(near.isOpen()).isFalse();
        }
    }

    @GyreTest
    void ofTwoDeadlinesTheOuterIsTold(TestLoop test) {
        LoopFuture<String> never = new LoopFuture<>(test.loop());

        assertThat(
                        messageOf(
                                test,
                                () ->
                                        Task.withDeadline(
                                                Play.SECOND, () -> never.await(TEN_SECONDS))))
                .isEqualTo(
                        "not done within 1 s: awaited a future for 1 s"
                                + " (deadline 2 of 2, from inside)");
    }

    @GyreTest
    void ofTwoDeadlinesTheInnerIsTold(TestLoop test) {
        LoopFuture<String> never = new LoopFuture<>(test.loop());

        assertThat(
                        messageOf(
                                test,
                                () ->
                                        Task.withDeadline(
                                                TEN_SECONDS, () -> never.await(Play.SECOND))))
                .isEqualTo(
                        "not done within 1 s: awaited a future for 1 s"
                                + " (deadline 1 of 2, from inside)");
    }

    @GyreTest
    void itsLimitCanBeAskedFor(TestLoop test) {
        LoopFuture<String> never = new LoopFuture<>(test.loop());

        assertThat(lateOf(test, () -> never.await(Play.SECOND)).limit()).isEqualTo(Play.SECOND);
    }
}
