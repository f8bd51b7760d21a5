package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// What a message says after its colon.
class LogsTest {

    @Test
    void theMessageOfAFailureIsItsMessage() {
        assertThat(Logs.message(new IOException("Broken pipe"))).isEqualTo("Broken pipe");
    }

    @Test
    void aFailureWithoutAMessageIsToldByItsClass() {
        assertThat(Logs.message(new EOFException())).isEqualTo("java.io.EOFException");
        assertThat(Logs.message(new IOException(" "))).isEqualTo("java.io.IOException");
    }
}
