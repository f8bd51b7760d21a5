package dev.gyre.verify.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the fuzzer has told so far.
final class FuzzLog {

    /// `#4096 NEW cov: 310 ft: ...`, now and then.
    private static final Pattern COUNT = Pattern.compile("(?m)^#(\\d+)\\s+[A-Z a-z]+cov:");

    /// The last line but a few of a run that came to its end.
    private static final Pattern DONE = Pattern.compile("(?m)^Done (\\d+) runs in \\d+ second");

    /// Where it has put the input that has failed.
    private static final Pattern FINDING = Pattern.compile("written to:? (\\S+)");

    private static final Pattern FOREIGN =
            Pattern.compile("\\s+at (java\\.base/|jdk\\.|org\\.junit|com\\.code_intelligence)");

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final String text;

    private FuzzLog(String text) {
        this.text = text;
    }

    /// Reads what is there now, which may be nothing.
    static FuzzLog read(Path file) throws IOException {
        return new FuzzLog(
                Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "");
    }

    /// Returns how many inputs were tried, as far as it has told.
    long inputs() {
        Matcher done = DONE.matcher(text);
        return done.find() ? Long.parseLong(done.group(1)) : counted();
    }

    private long counted() {
        return COUNT.matcher(text)
                .results()
                .reduce((earlier, later) -> later)
                .map(match -> Long.parseLong(match.group(1)))
                .orElse(0L);
    }

    /// Returns how the target has failed, in lines that a terminal can show and without the frames
    /// of those who called it; empty if it has not.
    List<String> failure() {
        return text.lines()
                .dropWhile(line -> !line.startsWith(TestProgram.FAILURE))
                .filter(line -> !FOREIGN.matcher(line).lookingAt())
                .map(line -> CONTROL.matcher(line.replace("\t", "    ")).replaceAll("?"))
                .map(line -> line.replaceFirst("^" + TestProgram.FAILURE, ""))
                .toList();
    }

    /// Returns the file with the input that has failed; empty if there is none.
    String finding() {
        Matcher finding = FINDING.matcher(text);
        return finding.find() ? finding.group(1) : "";
    }
}
