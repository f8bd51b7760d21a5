package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopGroup;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.GyreTest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a shutdown hook of the JVM can do with servers and loops, while SIGTERM ends the process: a
/// hook is a thread that is none of a loop's.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // Reading a pipe has no time-out.
class ShutdownHookTest {

    private static final int TERMINATED = 128 + 15;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    close    | loop.submit(server::close).join()
                    stop     | loop.submit(server::stop).join()
                    shutdown | loop.submit(() -> server.shutdown(grace).await()).join()
                    loop     | loop.stop() and join()
                    """)
    void aHookThatUsesWhatIsTheLoopsIsToldWhatToWrite(String hook, String line) throws Exception {
        try (ChildJvm child = ChildJvm.start(HookProgram.class, hook)) {
            port(child);

            child.terminate();

            assertThat(child.nextLine()).contains("java.lang.IllegalStateException", line);
            assertThat(child.exitStatus()).isEqualTo(TERMINATED);
        }
    }

    @GyreTest
    void aRefusedHookChangesNothing() throws Exception {
        try (ChildJvm child = ChildJvm.start(HookProgram.class, "refused")) {
            port(child);

            child.terminate();

            assertThat(child.lines()).containsExactly("still listens on 1");
        }
    }

    @ParameterizedTest
    @CsvSource({"group", "groupServer", "right"})
    void aHookThatMayWaitClosesWell(String hook) throws Exception {
        try (ChildJvm child = ChildJvm.start(HookProgram.class, hook)) {
            port(child);

            child.terminate();

            assertThat(child.lines()).containsExactly("the hook begins", "the hook is done");
            assertThat(child.exitStatus()).isEqualTo(TERMINATED);
        }
    }

    @GyreTest
    void theConnectionsThatAreOpenFinishBeforeTheProcessEnds() throws Exception {
        try (ChildJvm child = ChildJvm.start(HookProgram.class, "right");
                Socket client = connect(port(child));
                BufferedReader answers =
                        new BufferedReader(
                                new InputStreamReader(
                                        client.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(answers.readLine()).isEqualTo("welcome");

            child.terminate();
            assertThat(child.nextLine()).isEqualTo("the hook begins");
            client.getOutputStream().write("anna\n".getBytes(StandardCharsets.UTF_8));

            assertThat(answers.readLine()).isEqualTo("bye anna");
            client.shutdownOutput();
            assertThat(child.lines()).containsExactly("the hook is done");
            assertThat(child.exitStatus()).isEqualTo(TERMINATED);
        }
    }

    private static int port(ChildJvm child) throws Exception {
        return Integer.parseInt(child.nextLine());
    }

    private static Socket connect(int port) throws Exception {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    /// A server, on one loop or a group, and one hook.
    static final class HookProgram {

        private static final Duration GRACE = Duration.ofSeconds(20);

        private HookProgram() {}

        static void main(String[] arguments) {
            TcpServer server = new TcpServer(HookProgram::greet);
            if (arguments[0].startsWith("group")) {
                try (LoopGroup group = LoopGroup.start("group", 2)) {
                    server.withLoops(group).listen(0);
                    addHook(() ->
                            tell(arguments[0].equals("group") ? group::close : server::close));
                    System.out.println(port(server));
                    group.join();
                }
                return;
            }
            IOLoop loop = IOLoop.instance();
            server.listen(0);
            addHook(
                    switch (arguments[0]) {
                        case "close" -> server::close;
                        case "stop" -> server::stop;
                        case "shutdown" -> () -> server.shutdown(GRACE);
                        case "loop" -> loop::close;
                        case "refused" -> () -> closeInVain(server);
                        default ->
                                () ->
                                        tell(() ->
                                                loop.submit(() -> server.shutdown(GRACE).await())
                                                        .orTimeout(30, TimeUnit.SECONDS)
                                                        .join());
                    });
            loop.addCallback(() -> System.out.println(port(server)));
            loop.start();
        }

        private static void closeInVain(TcpServer server) {
            try {
                server.close();
            } catch (IllegalStateException e) {
                System.out.println("still listens on " + server.addresses().size());
            }
        }

        private static void tell(Runnable end) {
            System.out.println("the hook begins");
            end.run();
            System.out.println("the hook is done");
        }

        private static void addHook(Runnable hook) {
            Runtime.getRuntime().addShutdownHook(new Thread(hook));
        }

        private static int port(TcpServer server) {
            return ((InetSocketAddress) server.addresses().getFirst()).getPort();
        }

        private static void greet(IOStream stream) {
            stream.write("welcome\n");
            stream.write("bye " + stream.readLine().await() + "\n");
            stream.drain().await();
        }
    }
}
