package dev.gyre.net;

import dev.gyre.loop.Deadline;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/// A resolver with a memory. Loop thread.
final class CachingResolver implements Resolver {

    private record Answer(List<InetAddress> addresses, long goodUntilNanos) {}

    private final Resolver next;
    private final Duration age;
    private final int hostsMax;

    /// The answers by host, in the order in which they were found.
    private final LinkedHashMap<String, Answer> answers = new LinkedHashMap<>();

    /// Those who wait for a look-up that is under way, by host.
    private final Map<String, List<LoopFuture<List<InetAddress>>>> waiting = new HashMap<>();

    CachingResolver(Resolver next, Duration age, int hostsMax) {
        this.next = Objects.requireNonNull(next, "next");
        this.age = Objects.requireNonNull(age, "age");
        if (hostsMax <= 0) {
            throw new IllegalArgumentException(
                    "a cache must have room for a host, not for " + hostsMax);
        }
        this.hostsMax = hostsMax;
    }

    @Override
    public LoopFuture<List<InetAddress>> resolve(IOLoop loop, String host) {
        loop.checkThread("Resolver.resolve");
        Answer known = answers.get(host);
        if (known != null && known.goodUntilNanos() - loop.time() > 0) {
            return LoopFuture.completed(loop, known.addresses());
        }
        LoopFuture<List<InetAddress>> result = new LoopFuture<>(loop);
        List<LoopFuture<List<InetAddress>>> others = waiting.get(host);
        if (others != null) {
            others.add(result);
            return result;
        }
        waiting.put(host, new ArrayList<>(List.of(result)));
        try {
            // The look-up is not cancelled when those who wait for it are: the next may want it.
            LoopFuture<List<InetAddress>> lookUp = Answers.ask(next, loop, host);
            lookUp.onDone(
                    addresses -> found(loop, host, addresses), failure -> notFound(host, failure));
        } catch (Throwable e) {
            result.observe();
            // Others may have come while the resolver was asked, which may suspend.
            notFound(host, e);
            throw e;
        }
        return result;
    }

    private void found(IOLoop loop, String host, List<InetAddress> addresses) {
        UnknownHostException fault = Answers.fault(host, addresses);
        if (fault != null) {
            notFound(host, fault);
            return;
        }
        answers.remove(host);
        if (answers.size() >= hostsMax) {
            answers.pollFirstEntry();
        }
        long goodUntil = new Deadline(loop.time()).plus(age).nanos();
        answers.put(host, new Answer(addresses, goodUntil));
        taken(host).forEach(each -> each.complete(addresses));
    }

    private void notFound(String host, Throwable failure) {
        for (LoopFuture<List<InetAddress>> each : taken(host)) {
            if (failure instanceof CancellationException) {
                each.cancel();
            } else {
                each.fail(failure);
            }
        }
    }

    private List<LoopFuture<List<InetAddress>>> taken(String host) {
        return Objects.requireNonNull(waiting.remove(host), "nobody waits for the look-up");
    }
}
