package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class RawEchoClassicTest {

    private RunningDemo<RawEchoClassic> demo;

    @BeforeEach
    void start() throws Exception {
        demo = new RunningDemo<>(RawEchoClassic::new);
    }

    @AfterEach
    void stop() {
        demo.close();
    }

    private String nextLine() throws InterruptedException {
        return demo.transcript().nextLine();
    }

    @Test
    void tellsWhatHappensInTheTextsOfTheTutorials() throws Exception {
        try (Client client = demo.connect()) {
            client.send("it's \"it\"\n");

            assertThat(client.receive(10)).isEqualTo("it's \"it\"\n");
            assertThat(nextLine()).isEqualTo("     connection 127.0.0.1");
            assertThat(nextLine()).isEqualTo("     received 'it's \"it\"\\n' from 127.0.0.1");
            assertThat(nextLine()).isEqualTo("sending \"it's \"it\"\\n\" to 127.0.0.1");
            assertThat(nextLine()).isEqualTo("127.0.0.1 queue empty");
        }
        assertThat(nextLine()).isEqualTo("     closing 127.0.0.1");
        assertThat(demo.transcript().isEmpty()).isTrue();
        assertThat(demo.onLoop(demo.server()::clientCount)).isZero();
    }

    @Test
    void echoesAllThatCameBeforeAHalfClose() throws Exception {
        try (Client client = demo.connect()) {
            client.send("x".repeat(5000));
            client.shutdownOutput();

            assertThat(client.receiveToEnd()).isEqualTo("x".repeat(5000));
            demo.transcript().awaitLines("     closing 127.0.0.1", 1);
        }
    }

    @Test
    void tellsAnExceptionWhenTheClientResets() throws Exception {
        Client client = demo.connect();
        client.send("x");
        demo.transcript().awaitLines("127.0.0.1 queue empty", 1);

        client.reset();

        assertThat(nextLine()).isEqualTo("     exception on 127.0.0.1");
        assertThat(demo.onLoop(demo.server()::clientCount)).isZero();
        assertThat(demo.metrics().handlers()).isEqualTo(1);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void cannotListenAgainWhileOldConnectionsLinger() throws Exception {
        try (Client client = demo.connect()) {
            client.send("x");
            assertThat(client.receive(1)).isEqualTo("x");
            demo.closeServer();
            assertThat(client.receiveToEnd()).isEmpty();
        }

        assertThatThrownBy(() -> new RunningDemo<>(RawEchoClassic::new, demo.address()))
                .isInstanceOf(BindException.class);
    }

    @Test
    void closingTheServerClosesItsConnections() throws Exception {
        try (Client client = demo.connect()) {
            client.send("x");
            assertThat(client.receive(1)).isEqualTo("x");

            demo.closeServer();

            assertThat(client.receiveToEnd()).isEmpty();
            assertThat(demo.metrics().handlers()).isZero();
        }
    }
}
