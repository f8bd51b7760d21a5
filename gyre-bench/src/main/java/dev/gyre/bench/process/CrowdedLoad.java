package dev.gyre.bench.process;

import java.io.IOException;
import java.time.Duration;

/// Clients that keep a server busy while others hold connections and say nothing.
///
/// @param idle the clients that say nothing; closed with the load
/// @param busy the clients that count
record CrowdedLoad(IdleClients idle, Load busy) implements Load {

    @Override
    public void begin() throws IOException {
        busy.begin();
    }

    @Override
    public Window run(Duration length) throws IOException {
        return busy.run(length);
    }

    @Override
    public void close() throws IOException {
        try (idle) {
            busy.close();
        }
    }
}
