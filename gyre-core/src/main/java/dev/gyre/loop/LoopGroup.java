package dev.gyre.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Several loops, each on a thread of its own, started and stopped as one. They share nothing: more
/// cores means more loops.
///
/// ```java
/// try (LoopGroup group = LoopGroup.start("chat", 4)) {
///     new TcpServer(handler).withLoops(group).listen(8000);
///     group.join();
/// }
/// ```
///
/// Any thread may use a group; what is on its loops belongs to their threads.
public final class LoopGroup implements AutoCloseable {

    /// A loop of the group, and the future that is completed when its thread ends.
    private record Member(IOLoop loop, CompletableFuture<Void> end) {}

    private final List<Member> members = new ArrayList<>();

    private LoopGroup() {}

    /// Starts a group of loops with default options.
    ///
    /// @param name the name of the loops and their threads, which get a number each: `chat-1`,
    ///   `chat-2`
    /// @param count how many loops
    /// @throws IllegalArgumentException if the count is not positive
    public static LoopGroup start(String name, int count) {
        return start(name, count, LoopOptions.defaults());
    }

    /// Starts a group of loops.
    public static LoopGroup start(String name, int count, LoopOptions options) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(options, "options");
        if (count <= 0) {
            throw new IllegalArgumentException("a group must have at least one loop, not " + count);
        }
        LoopGroup group = new LoopGroup();
        int begun = 0;
        try {
            // All of them first: one that fails stops all that the group has.
            for (int number = 1; number <= count; number++) {
                group.add(new IOLoop(options.withName(name + "-" + number)));
            }
            for (Member member : group.members) {
                group.begin(member);
                begun++;
            }
            return group;
        } catch (Throwable e) {
            group.closeFrom(begun);
            group.close();
            throw e;
        }
    }

    private void add(IOLoop loop) {
        members.add(new Member(loop, new CompletableFuture<>()));
    }

    private void begin(Member member) {
        Thread.ofPlatform()
                .name(member.loop().name())
                .start(() -> run(member.loop(), member.end()));
    }

    /// Closes the loops that have no thread which would close them.
    private void closeFrom(int index) {
        for (Member member : members.subList(index, members.size())) {
            member.loop().close();
            member.end().complete(null);
        }
    }

    /// Runs a loop to its end. If one fails, all stop: a server that has lost some of its loops
    /// looks alive and is not.
    private void run(IOLoop loop, CompletableFuture<Void> end) {
        try (loop) {
            loop.start();
        } catch (Throwable e) {
            end.completeExceptionally(e);
            stop();
        }
        end.complete(null);
    }

    /// Returns the loops.
    public List<IOLoop> loops() {
        return members.stream().map(Member::loop).toList();
    }

    /// Asks all loops to stop, and returns at once. Each loop is closed by its own thread then.
    public void stop() {
        members.forEach(member -> member.loop().stop());
    }

    /// Waits until all loops have stopped and are closed.
    ///
    /// @throws RuntimeException what has ended one of them
    /// @throws IllegalStateException if called on a loop of the group, which would wait for itself
    public void join() {
        checkElsewhere("join");
        RuntimeException failure = null;
        for (Member member : members) {
            try {
                member.end().join();
            } catch (CompletionException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /// Stops all loops and waits until they are closed.
    ///
    /// @throws IllegalStateException if called on a loop of the group, which would wait for itself;
    ///   then none is stopped. What runs there, such as a callback for TERM, calls [#stop], and the
    ///   thread that has started the group waits.
    @Override
    public void close() {
        checkElsewhere("close");
        stop();
        join();
    }

    private void checkElsewhere(String operation) {
        for (Member member : members) {
            IOLoop loop = member.loop();
            if (loop.thread().isOwnedBy(Thread.currentThread())) {
                throw new IllegalStateException(
                        ("LoopGroup.%s was called on %s, a loop of the group, which would wait for"
                                        + " itself; call stop() there, and %s() on another thread")
                                .formatted(operation, loop, operation));
            }
        }
    }
}
