package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.Network;
import dev.gyre.net.Resolver;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.LoopExtension;
import dev.gyre.testing.Simulation;
import dev.gyre.testing.TestLoop;
import dev.gyre.verify.loop.Thrown;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever the code of servers and clients throws, wherever it is called, has the documented
/// effect and no other.
@Timeout(GyreTest.SECONDS_MAX)
@ExtendWith(LoopExtension.class)
class WhateverServersThrowTest {

    private static final String APPLICATION = "dev.gyre.application";

    /// More clients than there are failures after which a loop gives a listener up.
    private static final int CLIENTS = IOLoop.HANDLER_FAILURES_MAX + 4;

    private static void throwIt(Thrown thrown) {
        throw thrown.thrown();
    }

    /// Lets one client after the other in, each of which must find the place of the one before.
    private static void serve(TcpServer made, Simulation simulation, ExpectLog log) {
        log.expect(CLIENTS, APPLICATION, Level.ERROR, "its handler failed");
        var host = simulation.host("server");
        TcpServer server = host.run(() -> made.withConnectionsMax(1).listen(9000));

        for (int i = 0; i < CLIENTS; i++) {
            IOStream client = simulation.host("client").connect("server", 9000);
            simulation.runUntil(() -> !client.isOpen());
        }

        assertThat(host.<Integer>run(server::connectionCount)).isZero();
        assertThat(host.<Long>run(server::acceptedCount)).isEqualTo(CLIENTS);
        host.run(() -> {
            server.close();
            return true;
        });
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackThatThrowsGivesItsPlaceBack(Thrown thrown, Simulation simulation, ExpectLog log) {
        serve(TcpServer.ofCallback(stream -> throwIt(thrown)), simulation, log);
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatThrowsGivesItsPlaceBack(Thrown thrown, Simulation simulation, ExpectLog log) {
        serve(new TcpServer(stream -> throwIt(thrown)), simulation, log);
    }

    @ParameterizedTest
    @EnumSource
    void whatAResolverThrowsFailsTheConnect(Thrown thrown, TestLoop test) {
        Resolver resolver =
                (loop, host) -> {
                    throw thrown.thrown();
                };
        ConnectOptions options = ConnectOptions.defaults().withResolver(resolver);

        Throwable failure = failureOf(test, () -> TcpClient.connect("host", 1, options).await());

        assertThat(failure).isNotNull();
        if (thrown.made() instanceof RuntimeException || thrown.made() instanceof Error) {
            assertThat(failure).hasSameClassAs(thrown.made());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResolverThatGivesNothingOnceIsAskedAgain(Thrown thrown, TestLoop test) {
        boolean[] asked = {false};
        Resolver broken =
                (loop, host) -> {
                    if (asked[0]) {
                        return LoopFuture.completed(loop, List.of(InetAddress.ofLiteral("::1")));
                    }
                    asked[0] = true;
                    return thrown == Thrown.RUNTIME_EXCEPTION ? null : failing(thrown);
                };
        Resolver caching = Resolver.caching(broken, Duration.ofMinutes(1), 10);
        Throwable first = failureOf(test, () -> caching.resolve(test.loop(), "host").await());

        LoopFuture<List<InetAddress>> second = caching.resolve(test.loop(), "host");
        test.runUntilIdle();

        assertThat(first).isNotNull();
        assertThat(second.resultNow()).hasSize(1);
    }

    private static LoopFuture<List<InetAddress>> failing(Thrown thrown) {
        throw thrown.thrown();
    }

    /// An address whose connect throws counts as one that cannot be reached.
    @ParameterizedTest
    @EnumSource
    void whatANetworkThrowsInAConnectFailsThatAttemptOnly(Thrown thrown) {
        ScriptedNetwork network = new ScriptedNetwork();
        network.breakConnect("10.0.0.1", thrown);
        try (TestLoop test = new TestLoop(base -> base.withLocal(Network.LOCAL, network))) {
            Resolver two =
                    (loop, host) ->
                            LoopFuture.completed(
                                    loop,
                                    List.of(
                                            InetAddress.ofLiteral("10.0.0.1"),
                                            InetAddress.ofLiteral("10.0.0.2")));
            ConnectOptions options = ConnectOptions.defaults().withResolver(two);
            Task<IOStream> connected =
                    test.loop().spawn(() -> TcpClient.connect("host", 1, options).await());
            test.runUntilIdle();
            network.succeed("10.0.0.2");
            test.runUntilIdle();

            IOStream stream = connected.resultNow();

            assertThat(stream.isOpen()).isTrue();
            stream.close();
            test.runUntilIdle();
            assertThat(test.leftovers()).isEmpty();
        }
    }

    private static Throwable failureOf(TestLoop test, Callable<?> body) {
        Task<Throwable> task = test.loop().spawn(() -> catchThrowable(body::call));
        test.runUntilIdle();
        return task.resultNow();
    }
}
