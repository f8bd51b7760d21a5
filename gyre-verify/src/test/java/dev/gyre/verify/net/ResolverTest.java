package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.Resolver;
import dev.gyre.net.TcpClient;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future.State;
import java.util.stream.Stream;

/// Looking up names: for real, from a table, and from memory.
class ResolverTest {

    private static final List<InetAddress> FOUND = List.of(InetAddress.ofLiteral("10.0.0.1"));
    private static final Duration TTL = Duration.ofSeconds(30);

    /// The look-ups that the resolver behind a cache was asked for.
    private final List<LoopFuture<List<InetAddress>>> asked = new ArrayList<>();

    private final Resolver source =
            (loop, host) -> {
                asked.add(new LoopFuture<>(loop));
                return asked.getLast();
            };

    @GyreTest
    void localhostIsTheLoopback(TestLoop test) {
        LoopFuture<List<InetAddress>> found = Resolver.system().resolve(test.loop(), "localhost");
        test.runUntilIdle();

        assertThat(found.resultNow()).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
    }

    @GyreTest
    void anUnknownNameFails(TestLoop test) {
        LoopFuture<List<InetAddress>> found =
                Resolver.system().resolve(test.loop(), "an invalid name");
        test.runUntilIdle();

        assertThat(found.exceptionNow()).isInstanceOf(IOException.class);
    }

    @GyreTest
    void aTableGoesFirst(TestLoop test) {
        Resolver resolver = Resolver.overriding(Map.of("a.example", FOUND), source);

        assertThat(resolver.resolve(test.loop(), "a.example").resultNow()).isEqualTo(FOUND);
        resolver.resolve(test.loop(), "b.example");

        assertThat(asked).hasSize(1);
    }

    @GyreTest
    void lookUpsOfOneNameShareOne(TestLoop test) {
        Resolver cache = Resolver.caching(source, TTL, 10);
        LoopFuture<List<InetAddress>> first = cache.resolve(test.loop(), "a");
        LoopFuture<List<InetAddress>> second = cache.resolve(test.loop(), "a");

        asked.getFirst().complete(FOUND);
        test.runUntilIdle();

        assertThat(asked).hasSize(1);
        assertThat(first.resultNow()).isEqualTo(FOUND);
        assertThat(second.resultNow()).isEqualTo(FOUND);
    }

    @GyreTest
    void whoGivesUpDoesNotTakeTheOthersAlong(TestLoop test) {
        Resolver cache = Resolver.caching(source, TTL, 10);
        LoopFuture<List<InetAddress>> first = cache.resolve(test.loop(), "a");
        LoopFuture<List<InetAddress>> second = cache.resolve(test.loop(), "a");

        first.cancel();
        asked.getFirst().complete(FOUND);
        test.runUntilIdle();

        assertThat(second.resultNow()).isEqualTo(FOUND);
    }

    @GyreTest
    void anAnswerHoldsForItsTimeAndNoLonger(TestLoop test) {
        Resolver cache = Resolver.caching(source, TTL, 10);
        answer(test, cache, "a");

        test.advance(TTL.minusNanos(1));
        assertThat(cache.resolve(test.loop(), "a").isDone()).isTrue();
        test.advance(Duration.ofNanos(1));
        cache.resolve(test.loop(), "a");

        assertThat(asked).hasSize(2);
    }

    @GyreTest
    void noMoreNamesAreRememberedThanAllowed(TestLoop test) {
        Resolver cache = Resolver.caching(source, TTL, 2);
        answer(test, cache, "a");
        answer(test, cache, "b");
        answer(test, cache, "c");

        cache.resolve(test.loop(), "b");
        cache.resolve(test.loop(), "c");
        assertThat(asked).hasSize(3);
        cache.resolve(test.loop(), "a");
        assertThat(asked).hasSize(4);
    }

    private void answer(TestLoop test, Resolver cache, String host) {
        cache.resolve(test.loop(), host);
        asked.getLast().complete(FOUND);
        test.runUntilIdle();
    }

    @GyreTest
    void aFailureIsNotRemembered(TestLoop test) {
        Resolver cache = Resolver.caching(source, TTL, 10);
        LoopFuture<List<InetAddress>> first = cache.resolve(test.loop(), "a");
        asked.getFirst().fail(new UnknownHostException("a"));
        test.runUntilIdle();
        cache.resolve(test.loop(), "a");

        assertThat(first.exceptionNow()).isInstanceOf(UnknownHostException.class);
        assertThat(asked).hasSize(2);
    }

    @GyreTest
    void aCancelledLookUpCancelsThoseWhoWait(TestLoop test) {
        Resolver cache = Resolver.caching(source, TTL, 10);
        LoopFuture<List<InetAddress>> first = cache.resolve(test.loop(), "a");

        asked.getFirst().cancel();
        test.runUntilIdle();

        assertThat(first.state()).isEqualTo(State.CANCELLED);
    }

    @GyreTest
    void aSourceThatThrowsLeavesNothingBehind(TestLoop test) {
        List<String> hosts = new ArrayList<>();
        Resolver cache =
                Resolver.caching(
                        (loop, host) -> {
                            hosts.add(host);
                            throw new IllegalArgumentException("bad name");
                        },
                        TTL,
                        10);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> cache.resolve(test.loop(), "a"))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(hosts).containsExactly("a", "a");
    }

    private static Stream<List<InetAddress>> noAnswers() {
        return Stream.of(null, List.of(), Arrays.asList(FOUND.getFirst(), null));
    }

    @GyreTest
    void anAnswerThatIsNoneFailsTheLookUpAndIsNotRemembered(TestLoop test) {
        for (List<InetAddress> answer : noAnswers().toList()) {
            asked.clear();
            Resolver cache = Resolver.caching(source, TTL, 10);
            LoopFuture<List<InetAddress>> first = cache.resolve(test.loop(), "a.example");
            asked.getFirst().complete(answer);
            test.runUntilIdle();

            LoopFuture<List<InetAddress>> second = cache.resolve(test.loop(), "a.example");

            assertThat(first.exceptionNow())
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageContainingAll("a.example", "the resolver returned");
            assertThat(asked).hasSize(2);
            assertThat(second.isDone()).isFalse();
        }
    }

    @GyreTest
    void aSourceThatSuspendsIsAskedOnceForAllWhoWait(TestLoop test) {
        List<String> asked = new ArrayList<>();
        Resolver slow =
                (loop, host) -> {
                    asked.add(host);
                    Task.pause();
                    return LoopFuture.completed(loop, List.of(InetAddress.getLoopbackAddress()));
                };
        Resolver cache = Resolver.caching(slow, TTL, 10);
        List<Task<List<InetAddress>>> tasks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            tasks.add(
                    test.loop()
                            .spawn("asker", () -> cache.resolve(test.loop(), "a.example").await()));
        }

        test.runUntilIdle();

        assertThat(asked).hasSize(1);
        assertThat(tasks)
                .allSatisfy(task ->
                        assertThat(task.resultNow())
                                .containsExactly(InetAddress.getLoopbackAddress()));
    }

    @GyreTest
    void aSourceThatReturnsNoFutureIsNamed(TestLoop test) {
        Resolver cache = Resolver.caching((loop, host) -> null, TTL, 10);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> cache.resolve(test.loop(), "a.example"))
                    .hasMessage("the resolver returned null, and no future, for a.example");
        }
    }

    @GyreTest
    void aConnectToldOfNoAddressNamesTheResolver(TestLoop test) {
        for (List<InetAddress> answer : noAnswers().toList()) {
            assertThat(
                            failureOfConnecting(
                                    test, (loop, host) -> LoopFuture.completed(loop, answer)))
                    .hasMessage("host 'a.example' does not resolve to an address")
                    .cause()
                    .hasMessageContainingAll("a.example", "the resolver returned");
        }
        assertThat(failureOfConnecting(test, (loop, host) -> null))
                .hasMessageContaining("the resolver returned null, and no future, for a.example");
    }

    private static Throwable failureOfConnecting(TestLoop test, Resolver resolver) {
        ConnectOptions options = ConnectOptions.defaults().withResolver(resolver);
        List<LoopFuture<IOStream>> connects = new ArrayList<>();
        test.loop()
                .addCallback(() -> {
                    connects.add(TcpClient.connect("a.example", 80, options));
                    connects.getFirst().observe();
                });
        test.runUntilIdle();
        return connects.getFirst().exceptionNow();
    }
}
