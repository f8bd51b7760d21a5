package dev.gyre.verify.structure;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.lang.ArchCondition;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The rules 1 to 4 and 6 of `docs/architecture.md`, for the packages there are and those to come.
/// Rule 5, the sources of time, chance and threads, has [SourcesTest].
class ArchitectureTest {

    private static final String LOOP = "dev.gyre.loop";
    private static final String BYTE_QUEUE = "dev.gyre.stream.ByteQueue";

    private static final String[] COROUTINE_SEAM = {
        "dev.gyre.loop.CarrierCoroutine", "dev.gyre.loop.CarrierThreads"
    };

    /// From the bottom to the top. A new package of a shipped module finds its place here first.
    private static final List<String> LAYERS =
            Stream.of("loop", "sync", "stream", "net", "http", "websocket", "web", "testing")
                    .map("dev.gyre."::concat)
                    .toList();

    /// The handler API of the loop, which passes channels through.
    private static final Set<String> HANDLER_API =
            Stream.of(
                            "IOLoop",
                            "Handler",
                            "BareHandler",
                            "HandlerEntry",
                            "HandlerTable",
                            "Poller",
                            "SelectorPoller",
                            "Channels")
                    .map("dev.gyre.loop."::concat)
                    .collect(Collectors.toSet());

    private static final Set<String> SEAMS =
            Set.of(
                    "dev.gyre.loop.TimeSource",
                    "dev.gyre.loop.Poller",
                    "dev.gyre.stream.Transport",
                    "dev.gyre.net.Network");

    // Rule 1.

    @Test
    void everyPackageHasALayer() {
        Set<String> packages = new TreeSet<>();
        Imported.SHIPPED.forEach(type -> packages.add(type.getPackageName()));

        assertThat(LAYERS).as("layers, against the packages there are").containsAll(packages);
    }

    @Test
    void dependenciesPointDown() {
        for (String layer : LAYERS) {
            List<String> above = LAYERS.subList(LAYERS.indexOf(layer) + 1, LAYERS.size());
            noClasses()
                    .that(resideInAPackage(layer))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(above.toArray(String[]::new)))
                    .because("an arrow points down (rule 1)")
                    .allowEmptyShould(true)
                    .check(Imported.SHIPPED);
        }
    }

    /// Locks are for users; and what connections need, they have.
    @Test
    void streamsAndServersUseNoPackageBesideThem() {
        noClasses()
                .that(resideInAnyPackage("dev.gyre.stream", "dev.gyre.net"))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.gyre.sync"))
                .because("an arrow points down, not sideways (rule 1)")
                .check(Imported.SHIPPED);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.gyre.(*)..").should().beFreeOfCycles().check(Imported.SHIPPED);
    }

    // Rule 2.

    @Test
    void onlyTheLoopTouchesSelectorsAndThreads() {
        noClasses()
                .that(not(resideInAPackage(LOOP)))
                .should()
                .dependOnClassesThat(
                        named(
                                "java.nio.channels.Selector",
                                "java.nio.channels.SelectionKey",
                                "java.nio.channels.spi.SelectorProvider",
                                "java.lang.Thread",
                                "java.lang.ThreadLocal",
                                "java.lang.ScopedValue",
                                "java.util.concurrent.locks.LockSupport"))
                .because("rule 2: the loop owns the poller, the threads and the coroutines")
                .allowEmptyShould(true)
                .check(Imported.CORE);
    }

    /// Each coroutine would have a thread-local value of its own, and keep it while it is parked.
    @Test
    void nothingIsKeptPerThread() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        named(
                                "java.lang.ThreadLocal",
                                "java.lang.InheritableThreadLocal",
                                "java.lang.ScopedValue"))
                .because("a parked coroutine would weigh half as much again")
                .check(Imported.CORE);
    }

    /// The JDK calls this in its innermost parts, where a lack of memory, or a log, would break
    /// code that knows nothing of the loop.
    @ParameterizedTest
    @CsvSource({
        "dev.gyre.loop.CarrierCoroutine, execute",
        "dev.gyre.loop.LoopThread, enqueue",
        "dev.gyre.loop.StepQueue, add",
        "dev.gyre.loop.SelectorPoller, wakeup"
    })
    void wakingACoroutineMakesNoObjectsAndLogsNothing(String type, String method) {
        List<JavaCodeUnit> found =
                Imported.CORE.get(type).getCodeUnits().stream()
                        .filter(unit -> unit.getName().equals(method))
                        .toList();

        assertThat(found)
                .isNotEmpty()
                .allSatisfy(unit -> {
                    assertThat(unit.getConstructorCallsFromSelf()).isEmpty();
                    assertThat(unit.getMethodCallsFromSelf())
                            .noneMatch(call ->
                                    call.getTargetOwner().isAssignableTo(System.Logger.class));
                });
    }

    @Test
    void onlyStreamsAndTheHandlerApiTouchChannels() {
        noClasses()
                .that(not(resideInAnyPackage("dev.gyre.stream", "dev.gyre.net")))
                .and(not(handlerApi()))
                .should()
                .dependOnClassesThat(
                        resideInAPackage("java.nio.channels..")
                                .and(not(assignableToThrowable()))
                                .as("are channels"))
                .because("rule 2: channels are the affair of dev.gyre.stream and dev.gyre.net")
                .check(Imported.CORE);
    }

    @Test
    void theLoopPassesChannelsThroughUnused() {
        Set<String> verbs =
                Set.of("open", "bind", "accept", "connect", "finishConnect", "read", "write");
        classes()
                .that(resideInAPackage(LOOP))
                .should(
                        Accesses.notInclude(
                                "read, write or connect channels",
                                access ->
                                        access.getTargetOwner()
                                                        .isAssignableTo("java.nio.channels.Channel")
                                                && verbs.contains(access.getTarget().getName())))
                .because("rule 2: the loop watches channels, streams and users work with them")
                .check(Imported.CORE);
    }

    @Test
    void onlyTheTlsTransportTouchesTheEngine() {
        noClasses()
                .that(not(HasName.Predicates.nameStartingWith("dev.gyre.stream.TlsTransport")))
                // The JDK's key and trust managers are told which engine asks.
                .and(
                        not(
                                named(
                                        "dev.gyre.stream.Credentials",
                                        "dev.gyre.stream.KeyStoreKeys",
                                        "dev.gyre.stream.Trust")))
                .should()
                .dependOnClassesThat(
                        named("javax.net.ssl.SSLEngine", "javax.net.ssl.SSLEngineResult"))
                .because("rule 2: TLS engine work has one place")
                .check(Imported.CORE);
    }

    // Rule 3.

    /// The compiler sees to private and package-private members; the tests of modules to qualified
    /// exports, and the one below to reflection.
    @Test
    void theLoopHasNoFriends() {
        classes()
                .that(not(resideInAPackage(LOOP)))
                .should(
                        Accesses.notInclude(
                                "use members of dev.gyre.loop that only subclasses can",
                                ArchitectureTest::isHiddenMemberOfLoop))
                .because("rule 3: what our streams need, users' streams need too")
                .allowEmptyShould(true)
                .check(Imported.SHIPPED);
    }

    private static boolean isHiddenMemberOfLoop(JavaAccess<?> access) {
        // The target names the subclass; where the member comes from tells only the member itself.
        return access.getTarget()
                .resolveMember()
                .filter(member -> member.getOwner().getPackageName().equals(LOOP))
                .filter(member -> !member.getModifiers().contains(JavaModifier.PUBLIC))
                .isPresent();
    }

    @Test
    void nothingButTheCoroutineSeamUsesReflection() {
        noClasses()
                .that(not(named(COROUTINE_SEAM)))
                .should()
                .dependOnClassesThat(
                        resideInAPackage("java.lang.reflect").or(named("sun.misc.Unsafe")))
                .because("no reflection; the coroutine mechanism is the one exception")
                .check(Imported.CORE);
    }

    @Test
    void nothingButTheCoroutineSeamAndTheByteQueueUsesHandles() {
        noClasses()
                .that(not(named(COROUTINE_SEAM).or(named(BYTE_QUEUE))))
                .should()
                .dependOnClassesThat(
                        named("java.lang.invoke.MethodHandles", "java.lang.invoke.VarHandle"))
                .because("no handles; the coroutine mechanism, and a view of an array")
                .check(Imported.CORE);
    }

    /// A view of an array is made with the tools of reflection, and is none: it finds no members,
    /// and is read as an array is.
    @Test
    void theByteQueueSeesItsArrayAsWordsAndNoMore() {
        assertThat(
                        Imported.CORE.get(BYTE_QUEUE).getMethodCallsFromSelf().stream()
                                .map(JavaAccess::getTarget)
                                .filter(called ->
                                        called.getFullName().startsWith("java.lang.invoke."))
                                .map(AccessTarget::getName))
                .containsOnly("byteArrayViewVarHandle", "get");
    }

    // Rule 4.

    @Test
    void theCoreUsesTheJdkAndJSpecifyOnly() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        not(
                                resideInAnyPackage(
                                        "java..",
                                        "javax.net.ssl..",
                                        "org.jspecify..",
                                        "dev.gyre..")))
                .orShould()
                .dependOnClassesThat(resideInAPackage("java.util.logging.."))
                .because("rule 4; logging is System.Logger")
                .check(Imported.CORE.that(not(named("dev.gyre.loop.Signals"))));
    }

    @Test
    void onlySignalsUsesTheUnsupportedModuleAndOnlyForSignals() {
        noClasses()
                .that(named("dev.gyre.loop.Signals"))
                .should()
                .dependOnClassesThat(
                        not(
                                resideInAnyPackage("java..", "dev.gyre..", "org.jspecify..")
                                        .or(named("sun.misc.Signal", "sun.misc.SignalHandler"))))
                .because("rule 4; the JDK has no other way to hear of a signal")
                .check(Imported.CORE);
    }

    @Test
    void theTestKitAddsOnlyJUnit() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        not(
                                resideInAnyPackage(
                                        "java..",
                                        "javax.net.ssl..",
                                        "org.jspecify..",
                                        "org.junit.jupiter.api..",
                                        "org.opentest4j..",
                                        "org.junit.platform.commons..",
                                        "dev.gyre..")))
                .because("rule 4, and the extension is one of JUnit's")
                .check(Imported.TESTING);
    }

    // Rule 6.

    @Test
    void nothingIsPluggableButTheSeams() {
        classes()
                .that()
                .areInterfaces()
                .and()
                .arePublic()
                .and(not(sealedOrFunctionalOrAnnotation()))
                .should(ArchCondition.from(seamOrPartOfOne()))
                .because("rule 6: few seams, for simulators and new kinds of transport")
                .check(Imported.CORE);
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        Set<String> wanted = Set.of(names);
        return DescribedPredicate.describe(
                "are " + String.join(", ", names),
                type -> wanted.contains(withoutNesting(type, wanted)));
    }

    /// Lets a name stand for the types nested in it too.
    private static String withoutNesting(JavaClass type, Set<String> names) {
        String outermost = type.getName().replaceFirst("\\$.*", "");
        return names.contains(outermost) ? outermost : type.getName();
    }

    private static DescribedPredicate<JavaClass> handlerApi() {
        return DescribedPredicate.describe(
                "the handler API",
                type -> HANDLER_API.contains(type.getName().replaceFirst("\\$.*", "")));
    }

    private static DescribedPredicate<JavaClass> assignableToThrowable() {
        return DescribedPredicate.describe(
                "exceptions", type -> type.isAssignableTo(Throwable.class));
    }

    private static DescribedPredicate<JavaClass> sealedOrFunctionalOrAnnotation() {
        return DescribedPredicate.describe(
                "sealed, functional or an annotation",
                type ->
                        type.isAnnotation()
                                || type.isAnnotatedWith(FunctionalInterface.class)
                                || type.reflect().isSealed());
    }

    private static DescribedPredicate<JavaClass> seamOrPartOfOne() {
        return DescribedPredicate.describe(
                "one of " + SEAMS,
                type -> SEAMS.contains(type.getName().replaceFirst("\\$.*", "")));
    }
}
