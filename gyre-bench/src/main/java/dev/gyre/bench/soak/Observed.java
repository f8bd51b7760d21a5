package dev.gyre.bench.soak;

import dev.gyre.examples.Gyre;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopMetrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/// `./gyre` as it is, beside which a thread tells how the process fares: for each line of standard
/// input one on standard output, as [Vitals] reads it. The end of standard input ends the process,
/// as then nobody is there any more to end it.
public final class Observed {

    private Observed() {}

    public static void main(String[] arguments) {
        Thread.ofPlatform().daemon().name("observer").start(Observed::answer);
        Gyre.main(arguments);
    }

    private static void answer() {
        try (BufferedReader questions =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (questions.readLine() != null) {
                System.out.println(vitals().line());
            }
            Runtime.getRuntime().halt(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What lives in the heap is known only when the rest has been collected.
    private static Vitals vitals() {
        long start = System.nanoTime();
        System.gc();
        long collection = System.nanoTime() - start;
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        LoopMetrics metrics = IOLoop.instance().metrics();
        return new Vitals(heap, collection, metrics.longestTurn().toNanos(), metrics.turns());
    }
}
