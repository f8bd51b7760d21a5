package dev.gyre.verify.structure;

import dev.gyre.verify.structure.Repository.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The links and headings of a Markdown file.
final class Markdown {

    private static final Pattern INLINE_LINK =
            Pattern.compile("]\\(([^)\\s]+)(?:\\s+\"[^\"]*\")?\\)");
    private static final Pattern REFERENCE = Pattern.compile("^\\[[^]]+]:\\s+(\\S+)");
    private static final Pattern HEADING = Pattern.compile("^#{1,6}\\s+(.*?)\\s*#*$");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");

    private Markdown() {}

    /// Returns the targets of all links, as written; what stands in code is none.
    static List<String> links(Text file) {
        List<String> links = new ArrayList<>();
        for (String line : prose(file)) {
            String text = CODE.matcher(line).replaceAll("");
            for (Pattern pattern : List.of(INLINE_LINK, REFERENCE)) {
                pattern.matcher(text).results().map(found -> found.group(1)).forEach(links::add);
            }
        }
        return links;
    }

    /// Returns the anchors of the headings, as GitHub makes them.
    static Set<String> anchors(Text file) {
        return prose(file).stream()
                .map(HEADING::matcher)
                .filter(Matcher::matches)
                .map(heading -> anchor(heading.group(1)))
                .collect(Collectors.toSet());
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static List<String> prose(Text file) {
        List<String> prose = new ArrayList<>();
        boolean inCode = false;
        for (String line : file.lines()) {
            if (line.strip().startsWith("```")) {
                inCode = !inCode;
            } else if (!inCode) {
                prose.add(line);
            }
        }
        return prose;
    }
}
