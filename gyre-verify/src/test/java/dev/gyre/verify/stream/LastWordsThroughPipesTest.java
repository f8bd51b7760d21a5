package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.Transport;
import dev.gyre.testing.TestLoop;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;

/// A proxy, client - [left | right] - server, of which one peer answers and leaves without having
/// read everything.
final class LastWordsThroughPipesTest {

    private static final int MEGABYTE = 1024 * 1024;
    private static final StreamOptions SMALL =
            StreamOptions.defaults().withReadBufferBytesMax(1000);

    private Dialogue left;
    private Dialogue right;

    /// The ends below the streams of the client and the server.
    private Transport clientEnd;

    private Transport serverEnd;

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    private void connect(Wire wire, TestLoop test) throws IOException {
        Wire.Pair leftPair = wire.connect(AbruptTransport::new);
        Wire.Pair rightPair = wire.connect(AbruptTransport::new);
        clientEnd = leftPair.far();
        serverEnd = rightPair.far();
        StreamOptions whole = StreamOptions.defaults();
        left = new Dialogue(test, wire.join(test.loop(), leftPair, SMALL, whole));
        right = new Dialogue(test, wire.join(test.loop(), rightPair, SMALL, whole));
    }

    private IOStream client() {
        return left.far();
    }

    private IOStream server() {
        return right.far();
    }

    /// Lets a peer get the beginning of an upload, and no more.
    private static void getsTheBeginning(Dialogue side) {
        side.get(side.far().peek(1));
        side.idle();
    }

    /// Lets a peer answer and leave, and the proxy meet the reset before it has read.
    private static void answerAndReset(Dialogue side, Transport end, String answer) {
        side.far().write(answer);
        side.far().flush();
        end.close();
        side.near().flush();
    }

    private static void assertReset(Throwable failure, IOStream stream) {
        assertThat(failure).isInstanceOf(StreamClosedException.class);
        assertThat(failure.getCause()).isNotInstanceOf(EOFException.class);
        assertThat(((StreamClosedException) failure).stream()).isSameAs(stream);
    }

    @OnEachWire
    void theAnswerComesBackAndTheEndOfBothPipesIsTheReset(Wire wire, TestLoop test)
            throws IOException {
        connect(wire, test);
        LoopFuture<Long> up = left.near().pipeTo(right.near());
        LoopFuture<Long> down = right.near().pipeTo(left.near());
        client().write(new byte[12 * MEGABYTE]);
        getsTheBeginning(right);
        String answer = "413 too large".repeat(1000);

        answerAndReset(right, serverEnd, answer);

        assertThat(left.text(client().readBytes(answer.length()))).isEqualTo(answer);
        assertReset(left.failure(up), right.near());
        assertReset(left.failure(down), right.near());
        assertThat(left.near().isOpen()).isTrue();
    }

    @OnEachWire
    void theAnswerToWhatAServerPipesToItsClientIsCarriedUp(Wire wire, TestLoop test)
            throws IOException {
        connect(wire, test);
        LoopFuture<Long> up = left.near().pipeTo(right.near());
        LoopFuture<Long> down = right.near().pipeTo(left.near());
        server().write(new byte[12 * MEGABYTE]);
        getsTheBeginning(left);
        String answer = "enough".repeat(1000);

        answerAndReset(left, clientEnd, answer);

        assertThat(right.text(server().readBytes(answer.length()))).isEqualTo(answer);
        assertReset(left.failure(up), left.near());
        assertReset(left.failure(down), left.near());
    }

    /// The failure of one pipe cancels the other, which has not carried away everything yet.
    @OnEachWire
    void pipesInOneScopeCarryTheWholeAnswer(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        Task<Object> proxy = left.loop().spawn("proxy", this::proxy);
        client().write(new byte[12 * MEGABYTE]);
        getsTheBeginning(right);
        String answer = "413 too large".repeat(1000);

        answerAndReset(right, serverEnd, answer);

        assertThat(left.text(client().readBytes(answer.length()))).isEqualTo(answer);
        assertReset(left.failure(proxy), right.near());
    }

    private Object proxy() {
        return TaskScope.call(scope -> {
            scope.spawn("up", () -> left.near().pipeTo(right.near()).await());
            scope.spawn("down", () -> right.near().pipeTo(left.near()).await());
            return "done";
        });
    }

    @OnEachWire
    void bothPeersMayLeaveLikeThat(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        LoopFuture<Long> up = left.near().pipeTo(right.near());
        LoopFuture<Long> down = right.near().pipeTo(left.near());
        client().write(new byte[12 * MEGABYTE]);
        server().write(new byte[12 * MEGABYTE]);
        getsTheBeginning(left);
        getsTheBeginning(right);

        answerAndReset(right, serverEnd, "");
        answerAndReset(left, clientEnd, "");

        assertThat(left.failure(up)).isInstanceOf(StreamClosedException.class);
        assertThat(left.failure(down)).isInstanceOf(StreamClosedException.class);
    }

    @OnEachWire
    void aSourceAtRestDoesNotHideThatNothingCanBeSentAnyMore(Wire wire, TestLoop test)
            throws IOException {
        connect(wire, test);
        LoopFuture<Long> up = left.near().pipeTo(right.near());
        client().write("question");
        getsTheBeginning(right);
        right.near().write("unread");
        right.near().flush();
        server().write("x".repeat(5000));
        server().flush();
        serverEnd.close();

        right.near().write("meets the reset");
        right.near().flush();

        assertReset(left.failure(up), right.near());
        assertThat(right.near().isOpen()).as("there is more than fits").isTrue();
        assertThat(right.get(right.near().readBytes(1000))).hasSize(1000);
    }
}
