package dev.gyre.bench.process;

import dev.gyre.bench.peers.Service;
import java.io.IOException;

/// Something that clients do to a server.
///
/// @param name what is typed after `--scenario`
/// @param sentence what it is, in one line
/// @param unit what its cost is counted in, as in `us of CPU per message`
/// @param service what the server does
/// @param baseline the name of the subject whose cost is the unit of the ratios
/// @param trial measures one process
record Scenario(
        String name, String sentence, String unit, Service service, String baseline, Trial trial) {

    /// What is done to one process.
    @FunctionalInterface
    interface Trial {

        /// Starts one server, measures it, and ends it.
        ///
        /// @throws IOException if the server fails, or answers what it was not sent
        Sample run(ServerStart start, Plan plan) throws IOException;

        /// Returns how the subject is started for it.
        default Subject.Launch launch(Subject subject) {
            return subject.launch();
        }
    }

    /// Starts a server of the subject whose turn it is.
    @FunctionalInterface
    interface ServerStart {

        /// Returns the server once it listens. The caller ends it by closing it.
        ServerProcess start() throws IOException;
    }
}
