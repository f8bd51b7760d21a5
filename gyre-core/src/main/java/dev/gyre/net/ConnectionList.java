package dev.gyre.net;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The connections of a part of a server, in the order in which they came, linked through
/// themselves: one that waits costs no entry.
final class ConnectionList {

    private @Nullable Connection first;
    private @Nullable Connection last;

    boolean isEmpty() {
        return first == null;
    }

    void add(Connection connection) {
        connection.before = last;
        if (last == null) {
            first = connection;
        } else {
            last.after = connection;
        }
        last = connection;
    }

    /// Removes a connection, which must be in this list.
    void remove(Connection connection) {
        Connection before = connection.before;
        Connection after = connection.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        // A dead connection that lingers in the old generation of the heap would keep its
        // neighbours, and they theirs.
        connection.before = null;
        connection.after = null;
    }

    List<Connection> copy() {
        List<Connection> connections = new ArrayList<>();
        for (Connection each = first; each != null; each = each.after) {
            connections.add(each);
        }
        return connections;
    }
}
