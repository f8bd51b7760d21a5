package dev.gyre.loop;

import java.util.Objects;
import java.util.function.Function;

/// A value per loop: made when a loop first asks for it, released when that loop closes.
///
/// Make a local once, in a static field, like a `ThreadLocal`. Loop thread only.
///
/// ```java
/// private static final LoopLocal<ByteBuffer> SCRATCH =
///         LoopLocal.withInitial(loop -> ByteBuffer.allocateDirect(65536));
/// ```
///
/// @param <T> the type of the value
public final class LoopLocal<T> {

    private final Function<? super IOLoop, ? extends T> initial;

    private LoopLocal(Function<? super IOLoop, ? extends T> initial) {
        this.initial = initial;
    }

    /// Returns a local whose value for a loop is made by `initial` at the first [#get].
    ///
    /// @param initial called on the loop, at once; must not return null. If the value is
    ///   `AutoCloseable`, the loop closes it when it is closed itself.
    public static <T> LoopLocal<T> withInitial(Function<? super IOLoop, ? extends T> initial) {
        return new LoopLocal<>(Objects.requireNonNull(initial, "initial"));
    }

    /// Returns the value of the current loop.
    public T get() {
        return get(IOLoop.current());
    }

    /// Returns the value of `loop`.
    ///
    /// @throws IllegalStateException if called from a foreign thread while the loop runs, or after
    ///   the loop was closed
    public T get(IOLoop loop) {
        return loop.local(this);
    }

    T make(IOLoop loop) {
        return Objects.requireNonNull(
                initial.apply(loop), "the initial value of a LoopLocal must not be null");
    }
}
