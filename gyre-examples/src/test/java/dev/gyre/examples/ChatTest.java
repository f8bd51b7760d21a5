package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopGroup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ChatTest {

    private static final int CROWD = 2000;

    private RunningDemo<TcpDemo> demo;

    @BeforeEach
    void start() throws Exception {
        demo = new RunningDemo<>((loop, out) -> new TcpDemo(new Chat(out).server().withLoop(loop)));
    }

    @AfterEach
    void stop() {
        demo.close();
    }

    private String nextLine() throws InterruptedException {
        return demo.transcript().nextLine();
    }

    @ParameterizedTest
    @EnumSource
    void tellsInTheClassicOrderWhoComesWhatIsSaidAndWhoLeaves(Feed feed) throws Exception {
        try (Client client = demo.connect()) {
            String address = client.address();
            feed.send(client, "hello\nthere\n");

            assertThat(client.receive(12)).isEqualTo("hello\nthere\n");
            assertThat(nextLine()).startsWith("New connection : " + address + " ");
            assertThat(nextLine()).isEqualTo("A new user has entered the chat room. " + address);
            assertThat(nextLine()).isEqualTo("connection num is: 1");
            assertThat(nextLine()).isEqualTo("User said: hello " + address);
            assertThat(nextLine()).isEqualTo("User said: there " + address);

            client.shutdownOutput();

            assertThat(nextLine()).isEqualTo("A user has left the chat room. " + address);
        }
    }

    @Test
    void aLineWithoutItsEndIsNotSaid() throws Exception {
        try (Client client = demo.connect()) {
            client.send("never mind");
            client.shutdownOutput();

            assertThat(client.receiveToEnd()).isEmpty();
            demo.transcript().awaitLines("A user has left", 1);
        }
    }

    @Test
    void aLineOfOneOfTwoThousandClientsReachesAllOfThem() throws Exception {
        List<Client> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            crowd.add(demo.connect());
        }
        demo.transcript().awaitLines("connection num is: " + CROWD, 1);

        crowd.getFirst().send("to all\n");

        for (Client client : crowd) {
            assertThat(client.receive(7)).isEqualTo("to all\n");
        }
        for (Client client : crowd) {
            client.close();
        }
        demo.transcript().awaitLines("A user has left", CROWD);
    }

    @Test
    void whoDoesNotReadIsCutOffAndHoldsUpNobody() throws Exception {
        try (Client deaf = Client.connectNarrow(demo.address());
                Client speaker = demo.connect()) {
            demo.transcript().awaitLines("connection num is: 2", 1);
            String line = "x".repeat(8191) + "\n";

            // These lines are far more than the buffers of the kernel and of the room hold
            // together.
            for (int i = 0; i < 1000; i++) {
                speaker.send(line);
                assertThat(speaker.receive(line.length())).isEqualTo(line);
            }

            demo.transcript().awaitLines("A user has left the chat room. " + deaf.address(), 1);
            speaker.send("still here\n");
            assertThat(speaker.receive(11)).isEqualTo("still here\n");
        }
        demo.transcript().awaitLines("A user has left", 1);
    }

    @Test
    void whoResetsTheConnectionHasLeftToo() throws Exception {
        Client rude = demo.connect();
        String address = rude.address();
        demo.transcript().awaitLines("connection num is: 1", 1);

        rude.reset();

        assertThat(nextLine()).isEqualTo("A user has left the chat room. " + address);
    }

    @Test
    void oneRoomSpansSeveralLoops() throws Exception {
        LoopGroup group = LoopGroup.start("chat", 3);
        Transcript transcript = new Transcript();
        try (group;
                var room =
                        new RunningDemo<>((loop, out) ->
                                new TcpDemo(
                                        new Chat(transcript.stream()).server().withLoops(group)))) {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                clients.add(room.connect());
            }
            transcript.awaitLines("A new user", 12);

            for (Client speaker : clients) {
                speaker.send("hello\n");
                for (Client listener : clients) {
                    assertThat(listener.receive(6)).isEqualTo("hello\n");
                }
            }
            for (Client client : clients) {
                client.close();
            }
        }
    }
}
