package dev.gyre.stream;

import dev.gyre.loop.LoopFuture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pipes that run on a loop, by the streams at their ends. They are kept here, since few
/// streams have any.
final class PipeIndex {

    private final Map<IOStream, Pipe> bySource = new HashMap<>();
    private final Map<IOStream, List<Pipe>> bySink = new HashMap<>();

    void begin(Pipe pipe) {
        bySource.putIfAbsent(pipe.source(), pipe);
        bySink.computeIfAbsent(pipe.sink(), sink -> new ArrayList<>(1)).add(pipe);
    }

    /// Removes a pipe, which reads nothing any more. Harmless the second time.
    void end(Pipe pipe) {
        bySource.remove(pipe.source(), pipe);
        List<Pipe> others = bySink.get(pipe.sink());
        if (others != null && others.remove(pipe) && others.isEmpty()) {
            bySink.remove(pipe.sink());
        }
    }

    /// Called when nothing can be sent to a stream any more. Tells the pipes into it: a source at
    /// rest must not hide that from them.
    void sinkFailed(IOStream sink) {
        // Mostly there is no pipe, and every stream that closes comes here.
        List<Pipe> pipes = bySink.isEmpty() ? null : bySink.get(sink);
        if (pipes != null) {
            pipes.forEach(Pipe::stopReading);
        }
    }

    /// Returns a future that is done when the pipe that reads from a stream has come to its end;
    /// null if no pipe reads from it.
    @Nullable LoopFuture<@Nullable Void> ended(IOStream source) {
        Pipe pipe = bySource.get(source);
        return pipe == null ? null : pipe.ended();
    }
}
