package dev.gyre.bench.process;

import dev.gyre.bench.peers.Service;
import java.util.List;

/// All scenarios.
final class Scenarios {

    private static final int CLIENTS = 64;
    private static final int LINE_SIZE = 64;
    private static final String PER_MESSAGE = "us of CPU per message";

    private static final List<Scenario> ALL = List.of(echo(1), echo(16));

    private Scenarios() {}

    /// Returns all scenarios, the most telling first.
    static List<Scenario> all() {
        return ALL;
    }

    private static Scenario echo(int depth) {
        var message = new EchoClient.Message(LINE_SIZE, depth);
        return new Scenario(
                "line-echo-" + depth,
                "%d clients send lines of %d bytes, each with %d in flight"
                        .formatted(CLIENTS, LINE_SIZE, depth),
                PER_MESSAGE,
                Service.LINES,
                Subjects.FLOOR,
                new LoadTrial((server, _) ->
                        new EchoLoad(server, CLIENTS, message, EchoLoad.Dial::clear)));
    }
}
