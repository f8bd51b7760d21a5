package dev.gyre.bench.process;

import dev.gyre.bench.peers.FloorServer;
import dev.gyre.bench.peers.GyreServer;
import dev.gyre.bench.peers.NettyServer;
import dev.gyre.bench.peers.Service;
import dev.gyre.bench.peers.ThreadServer;
import dev.gyre.bench.peers.VertxServer;
import dev.gyre.examples.Gyre;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// All subjects: the floor, the peers, and Gyre.
final class Subjects {

    /// The name of the floor in Java.
    static final String FLOOR = "floor";

    /// The name of Gyre itself, the subject that the others are measured for.
    static final String GYRE = "gyre";

    /// The name of the peer that TLS and start-up are compared with.
    static final String NETTY = "netty-epoll";

    private static final Set<Service> CLEAR = EnumSet.complementOf(EnumSet.of(Service.TLS));

    private static final Set<Service> ECHOES = EnumSet.of(Service.LINES, Service.BLOCKS);

    /// What Netty wants on a JDK of today: its fast ways to memory, without warnings, and without
    /// looking for leaks.
    private static final List<String> NETTY_FLAGS =
            List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "-Dio.netty.tryReflectionSetAccessible=true",
                    "-Dio.netty.leakDetection.level=disabled");

    /// What lets Gyre's coroutines run on the loop's own thread.
    private static final List<String> OPENS =
            List.of("--add-opens=java.base/java.lang=ALL-UNNAMED");

    private static final List<Subject> ALL =
            List.of(
                    floor(),
                    floorInC(),
                    netty("epoll", "on epoll", Subjects::needsNatives),
                    netty("nio", "on the JDK's selector", Subject.Need.NOTHING),
                    netty("io_uring", "on io_uring", Subjects::needsNatives),
                    vertx(),
                    threads(),
                    go(),
                    node(),
                    tornado(),
                    gyreWithBaton(),
                    gyreInDebugMode(),
                    gyre());

    private Subjects() {}

    /// Returns all subjects, the floor first and Gyre last.
    static List<Subject> all() {
        return ALL;
    }

    private static Subject floor() {
        return new Subject(
                FLOOR,
                "a bare NIO loop without framing: the same system calls and nothing else",
                CLEAR,
                Subject.Need.NOTHING,
                (service, site) -> program(site, List.of(), FloorServer.class, service.word()));
    }

    private static Subject floorInC() {
        return new Subject(
                "floor-c",
                "the same in C, on epoll",
                ECHOES,
                () -> {
                    String missing = needsLinux();
                    return missing.isEmpty() ? needs("cc") : missing;
                },
                (_, site) -> List.of(site.compiled("floor.c", "cc", "-O2", "-o").toString()));
    }

    private static Subject netty(String transport, String where, Subject.Need need) {
        return new Subject(
                "netty-" + transport,
                "Netty " + where + ", with its frame decoders and pooled buffers",
                EnumSet.allOf(Service.class),
                need,
                (service, site) ->
                        program(site, NETTY_FLAGS, NettyServer.class, service.word(), transport));
    }

    private static Subject vertx() {
        return new Subject(
                "vertx",
                "Vert.x with its RecordParser, on epoll where there is epoll",
                EnumSet.allOf(Service.class),
                Subject.Need.NOTHING,
                (service, site) -> program(site, NETTY_FLAGS, VertxServer.class, service.word()));
    }

    private static Subject threads() {
        return new Subject(
                "threads",
                "virtual threads on one carrier, in blocking sockets",
                EnumSet.allOf(Service.class),
                Subject.Need.NOTHING,
                (service, site) ->
                        program(
                                site,
                                List.of("-Djdk.virtualThreadScheduler.parallelism=1"),
                                ThreadServer.class,
                                service.word()));
    }

    private static Subject go() {
        return new Subject(
                "go",
                "Go with bufio, on one processor",
                ECHOES,
                () -> needs("go"),
                (service, site) ->
                        List.of(
                                site.compiled("peer.go", "go", "build", "-o").toString(),
                                service.word()));
    }

    private static Subject node() {
        return new Subject(
                "node",
                "Node",
                CLEAR,
                () -> needs("node"),
                (service, site) ->
                        List.of("node", site.source("node.js").toString(), service.word()));
    }

    private static Subject tornado() {
        return new Subject(
                "tornado",
                "Tornado on asyncio",
                CLEAR,
                () -> python().isEmpty() ? "no python3 with tornado" : "",
                (service, site) ->
                        List.of(
                                python(),
                                site.source("tornado_echo.py").toString(),
                                service.word()));
    }

    private static Subject gyre() {
        return new Subject(
                GYRE,
                "Gyre: the code of `./gyre demo line-echo`, or as like it as the scenario allows",
                EnumSet.allOf(Service.class),
                Subject.Need.NOTHING,
                Subjects::gyreCommand);
    }

    private static List<String> gyreCommand(Service service, ServerHome site) {
        return service == Service.LINES
                ? lineEcho(site, OPENS)
                : program(site, OPENS, GyreServer.class, service.word());
    }

    private static List<String> lineEcho(ServerHome site, List<String> flags) {
        return program(site, flags, Gyre.class, "demo", "line-echo", "--port", "0");
    }

    private static Subject gyreWithBaton() {
        return new Subject(
                "gyre-baton",
                "Gyre in a JVM that was started without the flag for coroutines",
                EnumSet.of(Service.LINES),
                Subject.Need.NOTHING,
                (_, site) -> lineEcho(site, List.of("-Ddev.gyre.coroutines=baton")));
    }

    private static Subject gyreInDebugMode() {
        return new Subject(
                "gyre-debug",
                "Gyre in debug mode, as `gyre demo line-echo --debug` runs it",
                EnumSet.of(Service.LINES),
                Subject.Need.NOTHING,
                (_, site) -> {
                    List<String> flags = new ArrayList<>(OPENS);
                    flags.add("-Ddev.gyre.debug=true");
                    return lineEcho(site, flags);
                });
    }

    /// Returns how the launcher starts the demo, with the same heap as the others, and its cache.
    /// Without a launcher, as in tests, it is started as for the other scenarios.
    static List<String> launchedGyre(Service service, ServerHome site) {
        String launcher = System.getProperty("gyre.bench.launcher");
        return launcher == null
                ? gyreCommand(service, site)
                : List.of(
                        "env",
                        "JDK_JAVA_OPTIONS=" + String.join(" ", site.heap()),
                        launcher,
                        "demo",
                        "line-echo",
                        "--port",
                        "0");
    }

    private static List<String> program(
            ServerHome site, List<String> flags, Class<?> main, String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(main.getName());
        words.addAll(List.of(arguments));
        return site.java(flags, words);
    }

    private static String needs(String tool) {
        return Tools.isInstalled(tool) ? "" : tool + " is not installed";
    }

    private static String needsLinux() {
        String system = System.getProperty("os.name");
        return system.equals("Linux") ? "" : "not on " + system;
    }

    /// What Netty needs: its native jars are those for one processor.
    private static String needsNatives() {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        return system.equals("Linux amd64") ? "" : "not on " + system;
    }

    /// Returns a Python that has Tornado, or an empty text. The system's own is asked too, since
    /// packages install there.
    private static String python() {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            if (Tools.succeeds(python, "-c", "import tornado")) {
                return python;
            }
        }
        return "";
    }
}
