package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// The values of the context variables at one moment: an immutable list, newest first, each
/// variable at most once. To capture a context is to copy a reference.
final class Context {

    /// The context in which no variable is set.
    static final Context EMPTY = new Context(null, null, null);

    private final @Nullable Object variable;
    private final @Nullable Object value;

    /// The entries of the other variables; null exactly for EMPTY.
    private final @Nullable Context rest;

    private Context(@Nullable Object variable, @Nullable Object value, @Nullable Context rest) {
        this.variable = variable;
        this.value = value;
        this.rest = rest;
    }

    /// Returns the entry of a variable, or null if it is not set.
    @Nullable Context find(Object wanted) {
        for (Context entry = this; entry != null; entry = entry.rest) {
            if (entry.variable == wanted) {
                return entry;
            }
        }
        return null;
    }

    @Nullable Object value() {
        return value;
    }

    Context with(Object changed, Object newValue) {
        return new Context(changed, newValue, without(changed));
    }

    Context without(Object removed) {
        Context next = rest;
        if (next == null || find(removed) == null) {
            return this;
        }
        return variable == removed ? next : new Context(variable, value, next.without(removed));
    }
}
