package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PythonReprTest {

    private static byte[] bytes(String text) {
        return text.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Quoted with `^`, since quotes and backslashes are the point. The first column has escapes of
    /// Java, the second is as printed.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '|',
            textBlock =
                    """
                    ^^                   | ''
                    hello                | 'hello'
                    ^it's^               | "it's"
                    ^say "no"^           | 'say "no"'
                    ^it's "no"^          | 'it\\'s "no"'
                    ^a\\\\b^             | 'a\\\\b'
                    ^\\n\\r\\t^          | '\\n\\r\\t'
                    ^\\0\\1\\37 ~\\177^  | '\\x00\\x01\\x1f ~\\x7f'
                    ^\\200\\377^         | '\\x80\\xff'
                    """)
    void quotesAndEscapesAsPythonDoes(String source, String printed) {
        assertThat(PythonRepr.of(bytes(source))).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '|',
            textBlock =
                    """
                    ^^                  | ^^
                    ^it's "no"^         | it's "no"
                    ^a\\\\b\\n^         | a\\\\b\\n
                    ^\\0\\377^          | \\x00\\xff
                    """)
    void leavesQuotesAloneWithoutQuoting(String source, String printed) {
        assertThat(PythonRepr.escaped(bytes(source))).isEqualTo(printed);
    }
}
