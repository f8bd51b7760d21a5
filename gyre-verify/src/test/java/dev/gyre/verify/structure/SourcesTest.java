package dev.gyre.verify.structure;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Rule 5 of `docs/architecture.md`: one source each of time, network, randomness and off-loop
/// work. Whatever else read a clock, opened a socket, drew a number or started a thread would not
/// be there in a simulation.
class SourcesTest {

    private static final Pattern CLOCKS =
            members(
                    "java.lang.System.(nanoTime|currentTimeMillis)",
                    "java.time.[A-Za-z]+.now",
                    "java.time.Clock.(system|tick).*",
                    "java.time.InstantSource.(system|tick).*",
                    "java.util.Date.<init>");

    private static final Pattern SOCKETS =
            members(
                    "java.nio.channels.[A-Za-z]+.open",
                    "java.nio.channels.spi.SelectorProvider.*",
                    "java.net.[A-Za-z]*Socket.<init>",
                    "java.net.InetAddress.(getByName|getAllByName|getLocalHost)",
                    "java.net.http.*",
                    "java.net.UR[IL].(openConnection|openStream)");

    private static final Pattern DICE =
            members(
                    "java.util.random.RandomGenerator.(getDefault|of)",
                    "java.util.random.RandomGeneratorFactory.*",
                    "java.util.(Splittable)?Random.<init>",
                    "java.security.SecureRandom.*",
                    "java.util.concurrent.ThreadLocalRandom.*",
                    "java.lang.Math.random",
                    "java.util.UUID.randomUUID",
                    "java.util.Collections.shuffle");

    private static final Pattern THREADS =
            members(
                    "java.lang.Thread.(<init>|ofPlatform|ofVirtual|start.*)",
                    "java.lang.Thread\\$Builder.*(start|unstarted|factory)",
                    "java.util.Timer.<init>",
                    "java.lang.Runtime.addShutdownHook",
                    "java.util.concurrent.Executors.*",
                    "java.util.concurrent.(Scheduled)?ThreadPoolExecutor.<init>",
                    "java.util.concurrent.ForkJoinPool.*",
                    "java.util.concurrent.CompletableFuture.[A-Za-z]+Async",
                    "java.util.concurrent.CompletableFuture.(orTimeout|completeOnTimeout)");

    private static final Pattern SLEEPS =
            members("java.lang.Thread.sleep", "java.util.concurrent.TimeUnit.sleep");

    private static final Pattern TRACES =
            members(
                    "java.lang.Thread.(getStackTrace|getAllStackTraces|dumpStack)",
                    "java.lang.management.ThreadMXBean.*");

    private static final Pattern SPINS = members("java.lang.Thread.(onSpinWait|yield)");

    /// The sources themselves, by what they give.
    private static final Map<Pattern, Set<String>> SOURCES =
            Map.of(
                    CLOCKS,
                            Set.of(
                                    "loop.SystemTime",
                                    // Dates in certificates and of files, which no loop moves.
                                    "stream.TlsOptions",
                                    "stream.FileStamp"),
                    SOCKETS,
                            Set.of(
                                    "loop.SelectorPoller",
                                    "net.Listeners",
                                    "net.Network",
                                    "net.SystemNetwork",
                                    "net.UnixSocketFile"),
                    DICE, Set.of("loop.LoopOptions"),
                    TRACES,
                            Set.of(
                                    "loop.BatonSchedule",
                                    "loop.CarrierCoroutine",
                                    "loop.Coroutine",
                                    "loop.Watchdog"),
                    // One gives way to who is about to park, one proves that a yield comes back.
                    SPINS, Set.of("loop.BatonCoroutine", "loop.CarrierSelfTest"),
                    THREADS,
                            Set.of(
                                    "loop.BatonCoroutine",
                                    "loop.BatonSchedule",
                                    "loop.CarrierCoroutine",
                                    "loop.CarrierSelfTest",
                                    "loop.CarrierThreads",
                                    "loop.LeftOvers",
                                    "loop.LoopGroup",
                                    // A shutdown hook is a thread.
                                    "loop.NeverStarted",
                                    "loop.OnPlatformThread",
                                    "loop.Rescue",
                                    // Last words, which nobody may have to wait for.
                                    "loop.Signals",
                                    "loop.Watchdog",
                                    "loop.Workers"));

    @Test
    void theTimeSourceAloneReadsAClock() {
        onlyItsSources(CLOCKS, "read a clock");
    }

    @Test
    void theNetworkAloneOpensSockets() {
        onlyItsSources(SOCKETS, "open a socket");
    }

    @Test
    void theOptionsAloneNameASourceOfRandomness() {
        onlyItsSources(DICE, "draw a number");
    }

    @Test
    void threadsAreStartedInFewPlaces() {
        onlyItsSources(THREADS, "start a thread");
    }

    /// A trace of a coroutine that can run makes the JDK queue it anew, out of its turn. Those who
    /// may ask for one do so on demand only: the dump, the watchdog's report, the proof that a
    /// coroutine is stuck, and who wants just that of one that the JDK has lost.
    @Test
    void tracesOfThreadsAreTakenInFewPlaces() {
        onlyItsSources(TRACES, "take the trace of a thread");
    }

    @Test
    void nothingSpins() {
        onlyItsSources(SPINS, "spin");
    }

    @Test
    void nothingSleeps() {
        classes()
                .that(not(generated()))
                // Where a blocking call of the JDK is what is being tested.
                .and(not(name("dev.gyre.verify.task.BlockingCalls")))
                .should(Accesses.notInclude("sleep", access -> isOneOf(SLEEPS, access)))
                .because("sleep is not synchronisation; the loop has timers, tests have ManualTime")
                .check(Imported.ALL);
    }

    private static DescribedPredicate<JavaClass> generated() {
        return DescribedPredicate.describe(
                "made by jcstress", type -> type.getName().contains("_jcstress"));
    }

    private static void onlyItsSources(Pattern members, String what) {
        Set<String> sources = SOURCES.getOrDefault(members, Set.of());
        classes()
                .should(
                        Accesses.notInclude(
                                what,
                                access ->
                                        isOneOf(members, access)
                                                && !sources.contains(
                                                        source(access.getOriginOwner()))))
                .because("rule 5: " + sources + " alone may, or a simulation is a lie")
                .check(Imported.CORE);
    }

    private static boolean isOneOf(Pattern members, JavaAccess<?> access) {
        String member = access.getTargetOwner().getName() + "." + access.getTarget().getName();
        return members.matcher(member).matches();
    }

    private static String source(JavaClass type) {
        return type.getName().replaceFirst("^dev\\.gyre\\.", "").replaceFirst("\\$.*", "");
    }

    private static Pattern members(String... expressions) {
        // The dots match any character, which does no harm here.
        return Pattern.compile(String.join("|", expressions));
    }
}
