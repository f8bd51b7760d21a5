package dev.gyre.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.bench.peers.Service;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real servers in processes of their own, for so short that the figures mean nothing: the point is
/// that there are figures.
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
final class ShortRunTest {

    private static final Duration MOMENT = Duration.ofMillis(100);

    /// The key of all TLS servers here: to make one takes a process of its own.
    @TempDir private static Path keys;

    private static Path keyStore;

    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    @BeforeAll
    static void makeKeyStore() throws Exception {
        try (ServerHome site = ServerHome.open("-XX:+UseSerialGC")) {
            site.makeKeyStore();
            keyStore = Files.copy(site.keyStore(), keys.resolve("all.p12"));
        }
    }

    private Results run(String scenario, int rounds, String... subjects) throws Exception {
        return run(
                scenario,
                rounds,
                Subjects.all().stream()
                        .filter(each -> List.of(subjects).contains(each.name()))
                        .toList());
    }

    private Results run(String scenario, int rounds, List<Subject> subjects) throws Exception {
        List<Results> all = new ArrayList<>();
        try (ServerHome site = ServerHome.open("-XX:+UseSerialGC")) {
            Files.copy(keyStore, site.keyStore());
            new ProcessRunner.Builder(
                            List.of(named(scenario)),
                            subjects,
                            new Plan(rounds, MOMENT, MOMENT, site.keyStore()),
                            site,
                            new PrintStream(progress, true, StandardCharsets.UTF_8))
                    .build(Pinning.NONE)
                    .run(all::add);
        }
        return all.getFirst();
    }

    private static Scenario named(String name) {
        return Scenarios.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theFloorAndGyreAreMeasuredInEachRound() throws Exception {
        Results results = run("line-echo-1", 2, "floor", "gyre");

        assertThat(results.remarks()).isEmpty();
        assertThat(results.rows())
                .extracting(Results.Row::subject)
                .containsExactly("floor", "gyre");
        assertThat(results.rows())
                .allSatisfy(row -> {
                    assertThat(row.measures().rounds()).isEqualTo(2);
                    assertThat(row.ratioOfRounds()).hasSize(2);
                    assertThat(row.measures().latencies().getTotalCount()).isPositive();
                    assertThat(row.details().get("msg/s")).isPositive();
                });
        assertThat(progress.toString(StandardCharsets.UTF_8).lines())
                .hasSize(4)
                .first()
                .asString()
                .startsWith("line-echo-1, round 1 of 2, floor: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "line-echo-16",
                "block-echo",
                "tls-echo-16",
                "churn",
                "chat",
                "latency-90",
                "fairness",
                "start-up"
            })
    void gyreDoesWhatTheOtherScenariosAsk(String scenario) throws Exception {
        Results results = run(scenario, 1, "gyre");

        assertThat(results.remarks()).isEmpty();
        assertThat(results.rows())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.cost().median()).isPositive();
                    assertThat(row.ratios()).isNull();
                });
    }

    /// The subjects that need nothing but a JVM.
    @ParameterizedTest
    @ValueSource(strings = {"netty-nio", "vertx", "threads"})
    void peersDoAllThatTheyAreAskedFor(String peer) throws Exception {
        for (String scenario : List.of("tls-echo-16", "chat")) {
            Results results = run(scenario, 1, peer);

            assertThat(results.remarks()).isEmpty();
            assertThat(results.rows()).extracting(Results.Row::subject).containsExactly(peer);
        }
    }

    @Test
    void aServerThatDiesIsToldWithItsLastWords() throws Exception {
        Subject dying =
                new Subject(
                        "dying",
                        "says where it listens, and does not",
                        Set.of(Service.LINES),
                        Subject.Need.NOTHING,
                        (service, site) ->
                                List.of("printf", "listens on 127.0.0.1:1\\nno memory\\n"));

        Results results = run("line-echo-1", 1, List.of(dying));

        assertThat(results.hasFailed()).isTrue();
        assertThat(results.remarks().get("dying")).startsWith("round 1 failed: ");
        assertThat(progress.toString(StandardCharsets.UTF_8))
                .contains("; what the server had said: listens on 127.0.0.1:1 / no memory (");
    }

    @Test
    void whatASubjectDoesNotOfferIsSkippedWithAWord() throws Exception {
        Results results = run("tls-echo-1", 1, "node");

        assertThat(results.rows()).isEmpty();
        assertThat(results.remarks()).containsEntry("node", "skipped, it does not offer this");
    }
}
