package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class NeedleTest {

    private static Needle of(String text) {
        return new Needle(text.getBytes(StandardCharsets.ISO_8859_1), null);
    }

    @Test
    void needlesOfTheSameBytesAreEqual() {
        assertThat(of("\r\n")).isEqualTo(of("\r\n")).hasSameHashCodeAs(of("\r\n"));
        assertThat(of("\r\n")).isNotEqualTo(of("\n\r")).isNotEqualTo(of("\r\n\r\n"));
    }

    @Test
    void aNeedleKnowsTheTextItWasMadeOf() {
        assertThat(new Needle(new byte[] {'a'}, "a").isOf("a")).isTrue();
        assertThat(new Needle(new byte[] {'a'}, "a").isOf("b")).isFalse();
        assertThat(of("a").isOf("a")).isFalse();
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
