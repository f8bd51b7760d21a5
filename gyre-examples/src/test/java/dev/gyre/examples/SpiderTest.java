package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The crawl of a small site, through the command line of this process.
@Timeout(60)
final class SpiderTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int crawl(String... settings) {
        String[] arguments = new String[settings.length + 2];
        arguments[0] = "demo";
        arguments[1] = "spider";
        System.arraycopy(settings, 0, arguments, 2, settings.length);
        return Gyre.run(stream(out), stream(err), arguments);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void visitsEachPageOnceAndFindsTheBrokenLinks() {
        int status = crawl("--pages", "60");

        assertThat(lines())
                .contains("pages fetched  60", "broken links   2")
                .contains("  /missing/24 on /page/24", "  /missing/49 on /page/49")
                .anyMatch(line -> line.startsWith("time  "));
        assertThat(status).isZero();
    }

    @Test
    void oneWorkerFetchesOneAfterTheOther() {
        int status = crawl("--pages", "5", "--workers", "1");

        assertThat(lines()).contains("pages fetched  5", "concurrency    1 requests at once");
        assertThat(status).isZero();
    }

    @Test
    void aSiteOfOnePageIsEnough() {
        int status = crawl("--pages", "1", "--workers", "3");

        assertThat(lines()).contains("pages fetched  1", "broken links   0");
        assertThat(status).isZero();
    }

    @Test
    void saysWhenTheDeadlineHasPassed() {
        int status = crawl("--pages", "100000", "--timeout", "0.3");

        assertThat(lines().getLast())
                .isEqualTo("The deadline has passed; this is what was found until then.");
        assertThat(lines()).noneMatch(line -> line.equals("pages fetched  100000"));
        assertThat(status).isEqualTo(1);
    }
}
