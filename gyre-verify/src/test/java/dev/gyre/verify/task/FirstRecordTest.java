package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When a process reads the time zones, which its first record needs.
@Timeout(60)
class FirstRecordTest {

    private static final String ZONES = "java.time.zone.TzdbZoneRulesProvider";

    @Test
    void aLoopIsMadeWithoutTheTimeZonesAndItsFirstRecordHasThem() throws Exception {
        List<String> lines =
                FreshJvm.run(
                                FirstRecordProgram.class,
                                FreshJvm.OPENS_TO_ALL,
                                "-Xlog:class+load:stdout")
                        .succeeded()
                        .output()
                        .lines()
                        .toList();

        int made = lines.indexOf("made");
        int over = lines.indexOf("over");
        assertThat(lines.subList(0, made)).noneMatch(line -> line.contains(ZONES));
        assertThat(lines.subList(made, over))
                .anyMatch(line -> line.contains(ZONES))
                .anyMatch(line -> line.contains("IllegalStateException: planned"));
    }
}
