package dev.gyre.net;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// Binds one port on several addresses, or none of them.
///
/// @param <T> what listens on one address
abstract class Binder<T> {

    /// How often a free port is asked for that is free on all addresses.
    private static final int FREE_PORT_TRIES = 16;

    /// Binds one address.
    abstract T bind(InetSocketAddress address) throws IOException;

    /// Returns the port that was bound.
    abstract int port(T bound) throws IOException;

    abstract void close(T bound);

    /// Binds all of them, to the port of the first.
    ///
    /// @throws IOException if one of them cannot be bound; then nothing is left open
    final List<T> bindAll(List<InetSocketAddress> addresses) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return tryAll(addresses);
            } catch (BindException e) {
                // A port that was free on the first address may be taken on the second.
                boolean anyPort = addresses.getFirst().getPort() == 0;
                if (!anyPort || addresses.size() == 1 || attempt == FREE_PORT_TRIES) {
                    throw e;
                }
            }
        }
    }

    private List<T> tryAll(List<InetSocketAddress> addresses) throws IOException {
        List<T> bound = new ArrayList<>();
        try {
            for (InetSocketAddress address : addresses) {
                int port = bound.isEmpty() ? address.getPort() : port(bound.getFirst());
                bound.add(bind(new InetSocketAddress(address.getAddress(), port)));
            }
            return bound;
        } catch (Throwable e) {
            bound.forEach(this::close);
            throw e;
        }
    }
}
