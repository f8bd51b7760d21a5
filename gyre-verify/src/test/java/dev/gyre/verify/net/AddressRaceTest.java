package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.Network;
import dev.gyre.net.TcpClient;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.TestLoop;
import dev.gyre.verify.stream.IdleConnection;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future.State;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a client tries the addresses of a host: the states of the race, on a network that is played.
class AddressRaceTest {

    private static final String V4_A = "10.0.0.1";
    private static final String V4_B = "10.0.0.2";
    private static final String V4_C = "10.0.0.3";
    private static final String V6_A = "2001:db8::1";
    private static final String V6_B = "2001:db8::2";

    private static final Duration DELAY = Duration.ofMillis(300);

    private final ScriptedNetwork network = new ScriptedNetwork();
    private final TestLoop test =
            new TestLoop(options -> options.withLocal(Network.LOCAL, network));

    private LoopFuture<IOStream> connected;

    @AfterEach
    void nothingIsLeft() {
        if (connected.state() == State.SUCCESS) {
            connected.resultNow().close();
        }
        test.runUntilIdle();
        assertThat(network.underWay()).as("connects that nobody waits for").isEmpty();
        assertThat(network.open()).as("connections that nobody has").isZero();
        assertThat(test.leftovers()).isEmpty();
        assertThat(test.loop().tasks()).isEmpty();
        test.close();
    }

    private void connect(String... addresses) {
        List<InetAddress> found = Stream.of(addresses).map(InetAddress::ofLiteral).toList();
        ConnectOptions options =
                ConnectOptions.defaults()
                        .withResolver((loop, host) -> LoopFuture.completed(loop, found));
        test.loop().addCallback(() -> connected = TcpClient.connect("host", 1, options));
        test.runUntilIdle();
    }

    private void refuse(String address) {
        network.refuse(address);
        test.runUntilIdle();
    }

    private IdleConnection succeed(String address) {
        IdleConnection connection = network.succeed(address);
        test.runUntilIdle();
        return connection;
    }

    private String remote() {
        return connected.resultNow().toString();
    }

    @Test
    void theFirstAddressIsTriedAlone() {
        connect(V4_A, V4_B, V6_A);

        assertThat(network.underWay()).containsExactly(V4_A);
        succeed(V4_A);
        assertThat(remote()).contains(V4_A);
        assertThat(network.begun()).containsExactly(V4_A);
    }

    @Test
    void oneAddressThatRefusesIsTheEnd() {
        connect(V4_A);

        refuse(V4_A);

        assertThat(connected.exceptionNow())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("host:1")
                .hasMessageContaining(V4_A + " refuses");
    }

    @Test
    void theNextOfTheFamilyFollowsAFailure() {
        connect(V4_A, V4_B);

        refuse(V4_A);

        assertThat(network.underWay()).containsExactly(V4_B);
        succeed(V4_B);
        assertThat(remote()).contains(V4_B);
    }

    @Test
    void theLastFailureOfOneFamilyIsTheEnd() {
        connect(V4_A, V4_B);

        refuse(V4_A);
        refuse(V4_B);

        assertThat(connected.state()).isEqualTo(State.FAILED);
        assertThat(connected.exceptionNow()).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void theNextOfTheFamilyJoinsInIfTheFirstIsSilent() {
        connect(V4_A, V4_B);

        test.advance(DELAY.minusNanos(1));
        assertThat(network.underWay()).containsExactly(V4_A);
        test.advance(Duration.ofNanos(1));

        assertThat(network.underWay()).containsExactly(V4_A, V4_B);
        succeed(V4_B);
        assertThat(remote()).contains(V4_B);
    }

    @Test
    void aSilentAddressMayAnswerYetWhenOthersHaveJoinedIn() {
        connect(V4_A, V4_B, V4_C);
        test.advance(DELAY.multipliedBy(2));

        succeed(V4_A);

        assertThat(remote()).contains(V4_A);
        assertThat(network.underWay()).isEmpty();
    }

    @Test
    void allAddressesJoinInOneByOneTheFamiliesInTurn() {
        connect(V4_A, V4_B, V4_C, V6_A, V6_B);

        for (int begun = 1; begun <= 5; begun++) {
            assertThat(network.underWay())
                    .isEqualTo(List.of(V4_A, V6_A, V4_B, V6_B, V4_C).subList(0, begun));
            test.advance(DELAY);
        }

        assertThat(network.underWay()).hasSize(5);
        succeed(V4_C);
    }

    @Test
    void theOtherFamilyJoinsInAfterTheDelay() {
        connect(V6_A, V4_A, V6_B, V4_B);

        test.advance(DELAY.minusNanos(1));
        assertThat(network.underWay()).containsExactly(V6_A);
        test.advance(Duration.ofNanos(1));

        assertThat(network.underWay()).containsExactly(V6_A, V4_A);
        succeed(V6_A);
        assertThat(remote()).contains(V6_A);
    }

    @Test
    void theOtherFamilyFollowsTheFirstFailure() {
        connect(V6_A, V4_A, V6_B, V4_B);

        refuse(V6_A);

        assertThat(network.underWay()).containsExactly(V4_A);
        test.advance(DELAY);
        assertThat(network.underWay()).containsExactly(V4_A, V6_B);
        succeed(V4_A);
    }

    @Test
    void theDelayBeginsAnewWithTheAttemptThatFollowsAFailure() {
        connect(V4_A, V4_B, V4_C);
        test.advance(DELAY.minusMillis(1));

        refuse(V4_A);

        test.advance(DELAY.minusNanos(1));
        assertThat(network.underWay()).containsExactly(V4_B);
        test.advance(Duration.ofNanos(1));
        assertThat(network.underWay()).containsExactly(V4_B, V4_C);
        succeed(V4_C);
    }

    @Test
    void theFailureOfAnEarlierAttemptStartsTheNextAtOnce() {
        connect(V4_A, V4_B, V4_C);
        test.advance(DELAY);

        refuse(V4_A);

        assertThat(network.underWay()).containsExactly(V4_B, V4_C);
        succeed(V4_B);
    }

    @Test
    void theFailureOfAllButASilentOneWaitsForThatOne() {
        connect(V4_A, V4_B, V4_C);
        test.advance(DELAY);

        refuse(V4_B);
        refuse(V4_C);
        test.advance(DELAY.multipliedBy(10));

        assertThat(connected.isDone()).isFalse();
        assertThat(network.underWay()).containsExactly(V4_A);
        refuse(V4_A);
        assertThat(connected.state()).isEqualTo(State.FAILED);
        assertThat(connected.exceptionNow()).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void theOtherFamilyWinsAndTheFirstIsGivenUp() {
        connect(V6_A, V4_A);
        test.advance(DELAY);

        succeed(V4_A);

        assertThat(remote()).contains(V4_A);
        assertThat(network.underWay()).isEmpty();
    }

    @Test
    void aFailureAfterTheEndStartsNothing() {
        connect(V6_A, V4_A, V6_B);
        test.advance(DELAY);

        network.succeed(V4_A);
        network.refuse(V6_A);
        test.runUntilIdle();

        assertThat(remote()).contains(V4_A);
        assertThat(network.begun()).containsExactly(V6_A, V4_A);
    }

    @Test
    void ofTwoThatSucceedInOneTurnTheSecondIsClosed() {
        connect(V6_A, V4_A);
        test.advance(DELAY);

        IdleConnection first = network.succeed(V6_A);
        IdleConnection second = network.succeed(V4_A);
        test.runUntilIdle();

        assertThat(first.isClosed()).isFalse();
        assertThat(second.isClosed()).isTrue();
    }

    @Test
    void theRaceFailsOnlyWhenAllAttemptsHave() {
        connect(V6_A, V4_A, V6_B, V4_B);

        test.advance(DELAY.multipliedBy(2));
        refuse(V6_A);
        refuse(V4_A);
        refuse(V4_B);
        assertThat(connected.isDone()).isFalse();
        assertThat(network.underWay()).containsExactly(V6_B);
        refuse(V6_B);

        assertThat(connected.state()).isEqualTo(State.FAILED);
        assertThat(connected.exceptionNow()).isInstanceOf(UncheckedIOException.class);
        assertThat(network.begun()).containsExactlyInAnyOrder(V6_A, V4_A, V6_B, V4_B);
    }

    @Test
    void eachFamilyKeepsItsOrder() {
        connect(V4_A, V6_A, V6_B, V4_B);

        refuse(V4_A);
        refuse(V6_A);
        refuse(V4_B);

        assertThat(network.begun()).containsSubsequence(V4_A, V4_B);
        assertThat(network.begun()).containsSubsequence(V6_A, V6_B);
        succeed(V6_B);
    }

    @Test
    void nameWithoutAddressesFails() {
        connect();

        assertThat(connected.exceptionNow())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("host 'host' does not resolve to an address");
    }

    @Test
    void cancellingEndsTheFirstAttempt() {
        connect(V6_A, V4_A);

        connected.cancel();
        test.advance(DELAY.multipliedBy(2));

        assertThat(network.begun()).containsExactly(V6_A);
    }

    @Test
    void cancellingEndsAllAttempts() {
        connect(V6_A, V4_A, V6_B, V4_B);
        test.advance(DELAY.multipliedBy(2));

        connected.cancel();
        test.advance(DELAY.multipliedBy(2));

        assertThat(network.underWay()).isEmpty();
        assertThat(network.begun()).containsExactly(V6_A, V4_A, V6_B);
    }

    @Test
    void cancellingAfterAFailureStartsNothingMore() {
        connect(V4_A, V4_B);

        network.refuse(V4_A);
        connected.cancel();
        test.runUntilIdle();

        assertThat(network.underWay()).isEmpty();
    }

    /// The connection is made, but nobody has been told yet when the caller gives up.
    @Test
    void cancellingInTheTurnOfTheSuccessClosesTheConnection() {
        connect(V4_A);

        IdleConnection connection = network.succeed(V4_A);
        connected.cancel();
        test.runUntilIdle();

        assertThat(connected.state()).isEqualTo(State.CANCELLED);
        assertThat(connection.isClosed()).isTrue();
    }

    /// One by one the steps between the success and the caller: whoever could still cancel has
    /// nothing to close.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void cancellingSoonAfterTheSuccessClosesTheConnectionOrComesTooLate(int turns) {
        connect(V4_A);

        IdleConnection connection = network.succeed(V4_A);
        List<Boolean> cancelled = new ArrayList<>();
        after(turns, () -> cancelled.add(connected.cancel()));
        test.runUntilIdle();

        assertThat(cancelled).containsExactly(connection.isClosed());
    }

    private void after(int turns, Runnable action) {
        if (turns == 0) {
            action.run();
        } else {
            test.loop().addCallback(() -> after(turns - 1, action));
        }
    }

    @Test
    void aDeadlineOverTheConnectClosesEverything() {
        List<InetAddress> found = List.of(InetAddress.ofLiteral(V6_A), InetAddress.ofLiteral(V4_A));
        ConnectOptions options =
                ConnectOptions.defaults()
                        .withResolver((loop, host) -> LoopFuture.completed(loop, found));
        connected =
                test.loop()
                        .spawn(
                                "caller",
                                () ->
                                        TcpClient.connect("host", 1, options)
                                                .await(Duration.ofSeconds(1)));
        test.runUntilIdle();

        test.advance(Duration.ofSeconds(1));

        assertThat(network.underWay()).isEmpty();
        assertThat(network.begun()).containsExactly(V6_A, V4_A);
        assertThat(connected.exceptionNow()).hasMessageContaining("1 s");
    }

    @Test
    void aResolverThatNeverAnswersEndsWithTheDeadline() {
        ConnectOptions options =
                ConnectOptions.defaults().withResolver((loop, host) -> new LoopFuture<>(loop));
        connected =
                test.loop()
                        .spawn(
                                "caller",
                                () ->
                                        TcpClient.connect("host", 1, options)
                                                .await(Duration.ofMillis(50)));
        test.runUntilIdle();

        test.advance(Duration.ofMillis(50));

        assertThat(connected.exceptionNow()).hasMessageContaining("50 ms");
        assertThat(network.begun()).isEmpty();
    }
}
