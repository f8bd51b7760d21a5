package dev.gyre.examples;

import java.util.List;

/// The demos there are, in the order in which to meet them.
final class Demos {

    private static final ServerDemo RAW_ECHO =
            new ServerDemo(
                    "raw-echo",
                    "Echo server on the bare loop: one handler per socket, one chunk at a time.",
                    """
                    Echoes what it is sent, in chunks of at most 1024 bytes, and tells what it \
                    does. Each client has a handler that reads a chunk, then waits for room to \
                    send it back, then waits for input again. While it waits for room it reads \
                    nothing, so a client that does not read its echo has to wait too.

                    Try it from a second terminal:

                        nc 127.0.0.1 9999

                    Each line that you type there shows three lines here: Received, Sending, \
                    queue empty. Ctrl-D there closes the connection, Ctrl-C here ends the demo.

                    Source: gyre-examples/src/main/java/dev/gyre/examples/RawEcho.java
                    """,
                    "127.0.0.1",
                    9999,
                    List.of(),
                    (loop, _, out, _) -> new RawEcho(loop, out));

    private static final ServerDemo RAW_ECHO_CLASSIC =
            new ServerDemo(
                    "raw-echo-classic",
                    "The echo server of the classic tutorials, with their texts.",
                    """
                    The same echo server as raw-echo, as the tutorials have it: its handlers get \
                    the address of their client as the first argument, and its texts name \
                    the address without the port. As in the original, SO_REUSEADDR is off: started \
                    again right after it served somebody, it may find its port still in use.

                    Try it from a second terminal:

                        nc localhost 10000

                    Ctrl-D there closes the connection, Ctrl-C here ends the demo.

                    Source: gyre-examples/src/main/java/dev/gyre/examples/RawEchoClassic.java
                    """,
                    "localhost",
                    10000,
                    List.of(),
                    (loop, _, out, _) -> new RawEchoClassic(loop, out));

    private static final ServerDemo ACCEPT_LOOP =
            new ServerDemo(
                    "accept-loop",
                    "Accepts all that are waiting, passes each connection to a function.",
                    """
                    Listens on all interfaces. Whenever the listener is ready it accepts until \
                    nobody is waiting, and passes each connection to a function. Here the function \
                    registers the connection with the same loop, to echo what it is sent.

                    Try it, and then from a second terminal:

                        ./gyre demo accept-loop --port 8888
                        nc localhost 8888

                    Ctrl-D there closes the connection, Ctrl-C here ends the demo.

                    Source: gyre-examples/src/main/java/dev/gyre/examples/AcceptLoop.java
                    """,
                    null,
                    null,
                    List.of(),
                    (loop, _, out, _) ->
                            new AcceptLoop(
                                    loop,
                                    (connection, client) ->
                                            ChunkEcho.serve(loop, out, connection, client)));

    private static final ProgramDemo BLOCKING_IS_FINE =
            new ProgramDemo(
                    "blocking-is-fine",
                    "Blocking JDK calls in a coroutine, and what they do to another one.",
                    """
                    One coroutine makes blocking calls of four kinds, each of which waits for a \
                    slow server that the demo runs, while another coroutine of the same loop ticks \
                    every 50 ms. After each call it prints how long that took, and the longest gap \
                    between two ticks. Then it reads a file that is slow to come, which holds up \
                    the loop: the watchdog shows where. At last it reads that file with \
                    runInExecutor, which does not.

                    Under the other mechanism of coroutines the gaps are as long as the calls, and \
                    the demo says what to do:

                        JDK_JAVA_OPTIONS=-Ddev.gyre.coroutines=baton ./gyre demo blocking-is-fine

                    docs/blocking.md tells which calls hold up a loop, and why.

                    Takes six times --seconds. Exit status 0, also after Ctrl-C, which is heard as \
                    soon as the loop is not held up.

                    Source: gyre-examples/src/main/java/dev/gyre/examples/BlockingIsFine.java
                    """,
                    List.of(BlockingIsFine.SECONDS),
                    (given, out, _) ->
                            new BlockingIsFine(out, given.get(BlockingIsFine.SECONDS)).run());

    private static final ProgramDemo SPIDER =
            new ProgramDemo(
                    "spider",
                    "Concurrent crawler: a queue, workers, a deadline, the JDK's HTTP client.",
                    """
                    Generates a web site of a few hundred pages, some of them slow, some with \
                    a link that leads nowhere, serves it on a free local port, and crawls it \
                    with workers that share a queue. Tells its progress on standard error, and \
                    at the end what it found.

                    Try what the number of workers does:

                        ./gyre demo spider --workers 1 --timeout 60
                        ./gyre demo spider --workers 50

                    Exit status 0 when all pages were visited, also if links were broken; 1 if the \
                    deadline passed before, with what was found until then; 0 after Ctrl-C.

                    Source: gyre-examples/src/main/java/dev/gyre/examples/Spider.java
                    """,
                    List.of(Spider.WORKERS, Spider.PAGES, Spider.TIMEOUT),
                    Spider::run);

    private static final ServerDemo LINE_ECHO =
            new ServerDemo(
                    "line-echo",
                    "Echoes lines: a whole server in four lines of a coroutine.",
                    """
                    Sends each line back. It logs nothing, so it is also what the benchmarks \
                    measure. A client that does not read its echo has to wait.

                    Try it from a second terminal:

                        nc 127.0.0.1 8889

                    Ctrl-D there closes the connection, Ctrl-C here ends the demo.

                    Source: gyre-examples/src/main/java/dev/gyre/examples/LineEcho.java
                    """,
                    "127.0.0.1",
                    8889,
                    List.of(),
                    (_, _, _, _) -> new TcpDemo(LineEcho.server()));

    private static final ServerDemo CHAT =
            new ServerDemo(
                    "chat",
                    "The classic chat server: whatever line a client sends, all clients get.",
                    """
                    A room for everybody who connects. Each line that a client sends goes to all \
                    clients, its sender included. Tells who comes, what is said, and who leaves.

                    A client that does not read what is said is cut off once 256 KiB wait for it: \
                    it can neither hold up the room nor fill its memory. How, is said in the source.

                    Try it from two terminals; with --tls, the second way:

                        nc localhost 8000
                        openssl s_client -quiet -connect localhost:8000

                    Ctrl-D there leaves the room, Ctrl-C here ends the demo.

                    Source: gyre-examples/src/main/java/dev/gyre/examples/Chat.java
                    """,
                    null,
                    8000,
                    List.of(Chat.LOOPS, Chat.TLS),
                    Chat::demo);

    private static final ServerDemo SENTINEL_ECHO =
            new ServerDemo(
                    "sentinel-echo",
                    "The echo server of the tutorials on streams, in coroutine style.",
                    """
                    A message ends with the words "that is all!", and is echoed with them. One \
                    that consists of nothing else ends the connection.

                    Try it with its client, from a second terminal:

                        ./gyre demo sentinel-client

                    Ctrl-C here ends the demo.

                    Source: gyre-examples/src/main/java/dev/gyre/examples/SentinelEcho.java
                    """,
                    null,
                    8000,
                    List.of(),
                    (_, _, out, _) -> new TcpDemo(SentinelEcho.server(out)));

    private static final ProgramDemo SENTINEL_CLIENT =
            new ProgramDemo(
                    "sentinel-client",
                    "The client of sentinel-echo.",
                    """
                    Says two things to the server, prints their echo, says goodbye, and stays two \
                    seconds more. Exit status 0; 1 if there is no server.

                    Source: gyre-examples/src/main/java/dev/gyre/examples/SentinelClient.java
                    """,
                    List.of(SentinelClient.SERVER, SentinelClient.PAUSE),
                    SentinelClient::run);

    private static final ServerDemo TCP_PROXY =
            new ServerDemo(
                    "tcp-proxy",
                    "Passes connections on to a server, both ways, and counts the bytes.",
                    """
                    Whoever connects is connected to the given server. A side that does not read \
                    holds the other up, and the end of one side's output is passed on while the \
                    other goes on. Tells on standard error how much went up and down.

                    Try it with another demo behind it, from two more terminals:

                        ./gyre demo line-echo
                        ./gyre demo tcp-proxy localhost:8889
                        nc localhost 8890

                    Ctrl-C here ends the demo.

                    Source: gyre-examples/src/main/java/dev/gyre/examples/TcpProxy.java
                    """,
                    "127.0.0.1",
                    8890,
                    List.of(TcpProxy.TARGET),
                    TcpProxy::demo);

    private static final ServerDemo REDIS =
            new ServerDemo(
                    "redis",
                    "A server of the Redis protocol, with a few dozen lines for the protocol.",
                    """
                    Keeps strings and lists in memory, with times to live, and passes on what is \
                    published. Knows PING, ECHO, GET, SET (EX, PX, NX, XX), DEL, EXISTS, INCR, \
                    LPUSH, LRANGE, EXPIRE, TTL, SUBSCRIBE, UNSUBSCRIBE, PUBLISH and QUIT.

                    Try it from a second terminal:

                        redis-cli -p 6380
                        redis-benchmark -p 6380 -t ping,set,get,incr,lpush -P 16

                    Ctrl-C here ends the demo.

                    Source: gyre-examples/src/main/java/dev/gyre/examples/Redis.java
                    """,
                    "127.0.0.1",
                    6380,
                    List.of(),
                    (loop, _, _, _) -> new TcpDemo(Redis.server(loop)));

    private Demos() {}

    /// Returns all demos.
    static List<Demo> all() {
        return List.of(
                CHAT,
                LINE_ECHO,
                SENTINEL_ECHO,
                SENTINEL_CLIENT,
                TCP_PROXY,
                REDIS,
                RAW_ECHO,
                RAW_ECHO_CLASSIC,
                ACCEPT_LOOP,
                BLOCKING_IS_FINE,
                SPIDER);
    }
}
