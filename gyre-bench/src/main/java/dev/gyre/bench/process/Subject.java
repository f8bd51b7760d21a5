package dev.gyre.bench.process;

import dev.gyre.bench.peers.Service;
import java.util.List;
import java.util.Set;

/// A server that is measured.
///
/// @param name what is typed after `--subject`
/// @param sentence what it is, in one line
/// @param services what it can do
/// @param need what it takes to run it
/// @param launch makes the command that runs it
record Subject(String name, String sentence, Set<Service> services, Need need, Launch launch) {

    /// What a subject needs of this machine.
    @FunctionalInterface
    interface Need {

        /// The need of nothing but a JDK.
        Need NOTHING = () -> "";

        /// Returns what is missing, or an empty text if nothing is.
        String missing();
    }

    /// Makes the command that runs a server of one service.
    @FunctionalInterface
    interface Launch {

        List<String> command(Service service, ServerHome site);
    }

    boolean offers(Service service) {
        return services.contains(service);
    }
}
