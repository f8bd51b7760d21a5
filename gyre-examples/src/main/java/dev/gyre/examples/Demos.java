package dev.gyre.examples;

import java.util.List;

/// The demos there are, in the order in which to meet them.
final class Demos {

    private static final Demo RAW_ECHO =
            new Demo(
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
                    RawEcho::new);

    private static final Demo RAW_ECHO_CLASSIC =
            new Demo(
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
                    RawEchoClassic::new);

    private static final Demo ACCEPT_LOOP =
            new Demo(
                    "accept-loop",
                    "Accepts all that are waiting, passes each connection to a function.",
                    """
                    Listens on all interfaces. Whenever the listener is ready it accepts until \
                    nobody is waiting, and passes each connection to a function. Here the function \
                    registers the connection with the same loop, to echo what it is sent.

                    Try it, and then from a second terminal:

                        gyre demo accept-loop --port 8888
                        nc localhost 8888

                    Ctrl-D there closes the connection, Ctrl-C here ends the demo.

                    Source: gyre-examples/src/main/java/dev/gyre/examples/AcceptLoop.java
                    """,
                    null,
                    null,
                    (loop, out) ->
                            new AcceptLoop(
                                    loop,
                                    (connection, client) ->
                                            ChunkEcho.serve(loop, out, connection, client)));

    private Demos() {}

    /// Returns all demos.
    static List<Demo> all() {
        return List.of(RAW_ECHO, RAW_ECHO_CLASSIC, ACCEPT_LOOP);
    }
}
