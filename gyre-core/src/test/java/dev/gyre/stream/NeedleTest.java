package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class NeedleTest {

    private static Needle of(String text) {
        return new Needle(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void needlesOfTheSameBytesAreEqual() {
        assertThat(of("\r\n")).isEqualTo(of("\r\n")).hasSameHashCodeAs(of("\r\n"));
        assertThat(of("\r\n")).isNotEqualTo(of("\n\r")).isNotEqualTo(of("\r\n\r\n"));
    }

    @Test
    void anEmptyNeedleIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(""))
                .withMessage("the delimiter is empty");
    }

    @Test
    void itIsShownAsALiteral() {
        assertThat(of("a\r\n\t\"\\~\u0000\u007f\u00ff"))
                .hasToString("\"a\\r\\n\\t\\\"\\\\~\\x00\\x7F\\xFF\"");
    }
}
