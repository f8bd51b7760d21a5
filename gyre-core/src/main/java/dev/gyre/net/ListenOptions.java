package dev.gyre.net;

/// How to listen. Immutable; each `with` method returns a changed copy.
public final class ListenOptions {

    /// How many connections the kernel keeps until they are accepted, unless told otherwise: 1024,
    /// so that a burst of connects is not refused while one turn of the loop runs. The system may
    /// have a lower limit of its own (`somaxconn`, listen(2)).
    public static final int BACKLOG = 1024;

    private static final ListenOptions DEFAULTS = new ListenOptions();

    // Each field changes in a fresh copy only, before a `with` method hands the copy out.

    private int backlog = BACKLOG;

    private boolean reusePort;

    private ListenOptions() {}

    private ListenOptions(ListenOptions original) {
        backlog = original.backlog;
        reusePort = original.reusePort;
    }

    /// Returns a backlog of [#BACKLOG] and a port of one's own.
    public static ListenOptions defaults() {
        return DEFAULTS;
    }

    /// Replaces [#BACKLOG].
    ///
    /// @throws IllegalArgumentException if it is not positive
    public ListenOptions withBacklog(int connections) {
        if (connections <= 0) {
            throw new IllegalArgumentException("a backlog must be positive, not " + connections);
        }
        ListenOptions changed = new ListenOptions(this);
        changed.backlog = connections;
        return changed;
    }

    /// Lets several listeners share a port, among which the kernel distributes the connections
    /// (SO_REUSEPORT). All of them must ask for it.
    public ListenOptions withReusePort() {
        ListenOptions changed = new ListenOptions(this);
        changed.reusePort = true;
        return changed;
    }

    /// Returns how many connections wait in the kernel at most.
    public int backlog() {
        return backlog;
    }

    /// Returns whether the port is to be shared.
    public boolean hasReusePort() {
        return reusePort;
    }
}
