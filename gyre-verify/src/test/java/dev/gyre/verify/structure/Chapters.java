package dev.gyre.verify.structure;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The chapters in which a package is read, as a table of a Markdown file has them, and the types
/// of the package with what each of them uses. Nested types count as their outermost one.
final class Chapters {

    /// A row of three columns, of which the first names the chapter and the last lists its types.
    private static final Pattern ROW = Pattern.compile("\\| (\\w[^|]*) \\|.*\\| (`[^|]*`) \\|");

    private static final Pattern TYPE = Pattern.compile("`(\\w+)`");

    private final Map<String, Set<String>> typesByChapter = new LinkedHashMap<>();
    private final Map<String, Set<String>> usedByType = new TreeMap<>();

    /// @param heading of the section that the table is in
    Chapters(Repository.Text file, String heading, String packageName, JavaClasses classes) {
        boolean isInSection = false;
        for (String line : file.lines()) {
            if (line.startsWith("#")) {
                isInSection = line.endsWith("# " + heading);
            }
            Matcher row = ROW.matcher(line);
            if (isInSection && row.matches()) {
                Set<String> types = new TreeSet<>();
                TYPE.matcher(row.group(2)).results().forEach(type -> types.add(type.group(1)));
                typesByChapter.put(row.group(1), types);
            }
        }
        for (JavaClass each : classes) {
            if (each.getPackageName().equals(packageName)) {
                note(each);
            }
        }
        usedByType.remove("package-info");
    }

    private void note(JavaClass type) {
        String name = outermost(type);
        Set<String> used = usedByType.computeIfAbsent(name, key -> new TreeSet<>());
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            JavaClass target = dependency.getTargetClass().getBaseComponentType();
            boolean isOfPackage = target.getPackageName().equals(type.getPackageName());
            if (isOfPackage && !outermost(target).equals(name)) {
                used.add(outermost(target));
            }
        }
    }

    private static String outermost(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    Set<String> types() {
        return usedByType.keySet();
    }

    Set<String> listed() {
        Set<String> listed = new TreeSet<>();
        typesByChapter.values().forEach(listed::addAll);
        return listed;
    }

    /// Returns each use of a type in a later chapter, in words.
    List<String> usesAhead() {
        List<String> ahead = new ArrayList<>();
        Set<String> known = new TreeSet<>();
        typesByChapter.forEach((chapter, types) -> {
            known.addAll(types);
            for (String type : types) {
                for (String used : usedByType.getOrDefault(type, Set.of())) {
                    if (!known.contains(used)) {
                        ahead.add("%s (%s) uses %s".formatted(type, chapter, used));
                    }
                }
            }
        });
        return ahead;
    }

    /// Returns the types of the largest circle of uses; none if there is no circle.
    Set<String> largestCircle() {
        Map<String, Set<String>> reached = new TreeMap<>();
        usedByType.keySet().forEach(type -> reached.put(type, reachableFrom(type)));
        Set<String> largest = Set.of();
        for (String type : reached.keySet()) {
            Set<String> circle = new TreeSet<>(reached.get(type));
            circle.removeIf(other -> !reached.get(other).contains(type));
            if (circle.size() > largest.size()) {
                largest = circle;
            }
        }
        return largest;
    }

    private Set<String> reachableFrom(String type) {
        Set<String> reached = new TreeSet<>();
        List<String> next = new ArrayList<>(usedByType.get(type));
        while (!next.isEmpty()) {
            String other = next.removeLast();
            if (reached.add(other)) {
                next.addAll(usedByType.get(other));
            }
        }
        return reached;
    }

    Set<String> usersOf(String type) {
        Set<String> users = new TreeSet<>();
        usedByType.forEach((user, used) -> {
            if (used.contains(type)) {
                users.add(user);
            }
        });
        return users;
    }

    /// Returns the chapters in words, one a line.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        typesByChapter.forEach((chapter, types) ->
                text.append("  %s: %s%n".formatted(chapter, String.join(", ", types))));
        return text.toString();
    }
}
