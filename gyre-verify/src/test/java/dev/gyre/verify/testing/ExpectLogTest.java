package dev.gyre.verify.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(GyreTest.SECONDS_MAX)
class ExpectLogTest {

    private static final String GENERAL = "dev.gyre.general";

    private final ExpectLog log = ExpectLog.open();

    @AfterEach
    void closeLog() {
        log.close();
    }

    private static void write(Level level, String text) {
        System.getLogger(GENERAL).log(level, text);
    }

    @ParameterizedTest
    @EnumSource(names = {"TRACE", "DEBUG", "INFO", "WARNING", "ERROR"})
    void aRecordOfAnyLevelIsCaught(Level level) {
        write(level, "something");

        assertThat(log.records())
                .containsExactly(new ExpectLog.Captured(GENERAL, level, "something", null));
    }

    @Test
    void theExceptionAndTheParametersOfARecordAreKept() {
        IOException failure = new IOException("reset");
        System.getLogger(GENERAL).log(Level.INFO, "with exception", failure);
        System.getLogger(GENERAL).log(Level.INFO, "{0} of {1}", 3, 4);

        assertThat(log.records().getFirst().thrown()).isSameAs(failure);
        assertThat(log.records().getLast().message()).isEqualTo("3 of 4");
    }

    @Test
    void otherLoggersAreNotCaught() {
        System.getLogger("com.example.dev.gyre").log(Level.DEBUG, "not ours");

        assertThat(log.records()).isEmpty();
    }

    @Test
    void aDeclaredRecordIsNoProblem() {
        log.expect(GENERAL, Level.WARNING, "disk");

        write(Level.WARNING, "the disk is full");

        assertThat(log.problems()).isEmpty();
    }

    @Test
    void aRecordMayBeDeclaredAfterwardsAndByItsException() {
        System.getLogger(GENERAL).log(Level.ERROR, "failed", new IOException("disk"));

        log.expect(GENERAL, Level.ERROR, "disk");

        assertThat(log.problems()).isEmpty();
    }

    @Test
    void aDeclaredRecordThatDoesNotComeIsAProblem() {
        log.expect(GENERAL, Level.INFO, "disk");

        assertThat(log.problems()).singleElement().asString().contains(GENERAL, "INFO", "\"disk\"");
    }

    @Test
    void levelAndLoggerMustBeTheDeclaredOnes() {
        log.expect(GENERAL, Level.INFO, "disk");
        log.expect("dev.gyre.application", Level.DEBUG, "disk");

        write(Level.DEBUG, "disk");

        assertThat(log.problems()).hasSize(2);
    }

    @Test
    void oneDeclarationStandsForOneRecord() {
        log.expect(GENERAL, Level.WARNING, "disk");

        write(Level.WARNING, "disk one");
        write(Level.WARNING, "disk two");

        assertThat(log.problems()).singleElement().asString().contains("disk two");
    }

    @Test
    void aCountStandsForSoManyRecords() {
        log.expect(2, GENERAL, Level.WARNING, "disk");

        write(Level.WARNING, "disk one");
        assertThat(log.problems()).hasSize(1);
        write(Level.WARNING, "disk two");

        assertThat(log.problems()).isEmpty();
    }

    @Test
    void anUndeclaredWarningIsAProblemAndAnInformationIsNot() {
        write(Level.INFO, "listening");
        write(Level.WARNING, "slow");

        assertThat(log.problems())
                .containsExactly("unexpected log record: dev.gyre.general WARNING: slow");
    }

    @Test
    void aRecordOfAnotherThreadCanBeWaitedFor() throws InterruptedException {
        new Thread(() -> write(Level.INFO, "from elsewhere")).start();

        assertThat(log.await(GENERAL, Level.INFO, "elsewhere").message())
                .isEqualTo("from elsewhere");
    }

    @Test
    void afterCloseNothingIsCaughtAndTheLoggersAreAsBefore() {
        Logger logger = Logger.getLogger("dev.gyre");
        log.close();

        write(Level.DEBUG, "late");

        assertThat(log.records()).isEmpty();
        assertThat(logger.getHandlers()).isEmpty();
        assertThat(logger.getUseParentHandlers()).isTrue();
        assertThat(logger.getLevel()).isNull();
    }
}
