package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopGroup;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamBufferFullException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.TlsOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The classic chat server, in callback style: whatever line a client sends, all clients get.
///
/// **Who reads slowly.** What a client does not read waits in the server's memory. Two thousand
/// clients in a room, one of which has stopped reading, must not make the server grow without
/// bound, nor wait for that one. So each client has a limit of what may wait for it, and who
/// exceeds it is cut off. The whole policy is [StreamOptions#withWriteQueueBytesMax] and the
/// `catch` in [Member#send].
///
/// **Several loops.** Each loop has the members that it accepted, and touches no others. A line
/// goes to the other loops as a callback, and each tells its own members.
final class Chat {

    /// What may wait for one client, in bytes: a few thousand lines, in less time than a person
    /// takes to notice.
    static final int BACKLOG_BYTES_MAX = 256 * 1024;

    static final Setting<Integer> LOOPS =
            Setting.count("--loops", "On how many loops the room is, each on its thread.", 1, 64);

    static final Setting<List<Path>> TLS =
            Setting.files("--tls", "CERT KEY", "PEM files with the server's certificate and key.");

    private final PrintStream out;

    /// The members of each loop, in the order in which they came. Only that loop touches its set.
    private final Map<IOLoop, Set<Member>> room = new ConcurrentHashMap<>();

    /// How many members there are on all loops.
    private final AtomicInteger count = new AtomicInteger();

    Chat(PrintStream out) {
        this.out = out;
    }

    /// The demo: one room, on one loop or several.
    static DemoServer demo(IOLoop loop, Settings given, PrintStream out, PrintStream err) {
        TcpServer server = new Chat(out).server();
        List<Path> tls = given.get(TLS);
        if (!tls.isEmpty()) {
            server.withTls(TlsOptions.server().withCertificate(tls.getFirst(), tls.getLast()));
        }
        int loops = given.get(LOOPS);
        if (loops == 1) {
            return announced(new TcpDemo(server), out);
        }
        LoopGroup group = LoopGroup.start("chat", loops);
        return announced(new TcpDemo(server.withLoops(group), group), out);
    }

    /// Says that the server starts, once it listens: a server whose port is taken does not start.
    private static DemoServer announced(TcpDemo demo, PrintStream out) {
        return new DemoServer() {
            @Override
            public InetSocketAddress listen(InetSocketAddress address) throws IOException {
                InetSocketAddress bound = demo.listen(address);
                out.println("Server start ......");
                return bound;
            }

            @Override
            public void close() {
                demo.close();
            }
        };
    }

    /// Returns a server for this room, which does not listen yet.
    TcpServer server() {
        return TcpServer.ofCallback(this::enter)
                .withStreamOptions(
                        StreamOptions.defaults().withWriteQueueBytesMax(BACKLOG_BYTES_MAX));
    }

    private void enter(IOStream stream) {
        String address = HostPort.text((InetSocketAddress) stream.remoteAddress());
        out.println("New connection : %s %s".formatted(address, stream));
        new Member(stream, address);
        out.println("connection num is: " + count.get());
    }

    /// Sends a line to everybody, its author included.
    private void broadcast(byte[] line) {
        room.forEach((loop, members) -> {
            if (loop == IOLoop.current()) {
                tell(members, line);
            } else {
                loop.addCallback(() -> tell(members, line));
            }
        });
    }

    private static void tell(Set<Member> members, byte[] line) {
        // The walk is over a copy, since a member that is cut off leaves the set.
        List.copyOf(members).forEach(member -> member.send(line));
    }

    /// One client in the room.
    private final class Member {

        private final IOStream stream;
        private final String address;
        private final Set<Member> neighbours;

        Member(IOStream stream, String address) {
            this.stream = stream;
            this.address = address;
            this.neighbours = room.computeIfAbsent(stream.loop(), loop -> new LinkedHashSet<>());
            neighbours.add(this);
            count.incrementAndGet();
            stream.onClose(end -> leave());
            readLine();
            out.println("A new user has entered the chat room. " + address);
        }

        private void readLine() {
            // A failed read need not be told: the end of the stream, which follows, is.
            stream.readUntil("\n").onDone(this::say, failure -> stream.close());
        }

        private void say(byte[] line) {
            String text = new String(line, 0, line.length - 1, StandardCharsets.UTF_8);
            out.println("User said: %s %s".formatted(text, address));
            broadcast(line);
            readLine();
        }

        /// Sends a line to this member, or cuts it off if it has not read far too many.
        private void send(byte[] line) {
            try {
                stream.write(line);
            } catch (StreamBufferFullException e) {
                stream.close();
            }
        }

        private void leave() {
            neighbours.remove(this);
            count.decrementAndGet();
            out.println("A user has left the chat room. " + address);
        }
    }
}
