package dev.gyre.verify.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.commons.support.AnnotationSupport.findRepeatableAnnotations;
import static org.junit.platform.commons.support.AnnotationSupport.isAnnotated;

import dev.gyre.verify.structure.Repository.Text;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;

/// The documentation names each test that the baton is let off.
class CarrierAloneTest {

    private static final String SOURCES = "gyre-verify/src/test/java/";

    private static final String HEADING = "## Tested under the carrier alone";

    private static final Pattern ITEM = Pattern.compile("\n- ");

    /// The first name of an item is that of a class, the others are those of its tests.
    private static final Pattern NAME = Pattern.compile("`([A-Za-z]+)`");

    @Test
    void theDocumentationListsTheTaggedTests() {
        assertThat(listed()).isEqualTo(tagged());
    }

    private static Map<String, SortedSet<String>> listed() {
        Text document =
                Repository.texts().stream()
                        .filter(text -> text.path().equals("docs/blocking.md"))
                        .findAny()
                        .orElseThrow();
        Map<String, SortedSet<String>> listed = new TreeMap<>();
        for (String item : ITEM.split(section(document), -1)) {
            List<String> names = NAME.matcher(item).results().map(found -> found.group(1)).toList();
            if (names.size() > 1) {
                listed.put(names.getFirst(), new TreeSet<>(names.subList(1, names.size())));
            }
        }
        return listed;
    }

    private static String section(Text document) {
        return document.lines().stream()
                .dropWhile(line -> !line.equals(HEADING))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, SortedSet<String>> tagged() {
        Map<String, SortedSet<String>> tagged = new TreeMap<>();
        testClasses()
                .forEach(type -> {
                    SortedSet<String> names =
                            Stream.of(type.getDeclaredMethods())
                                    .filter(method -> isAnnotated(method, Testable.class))
                                    .filter(method ->
                                            isForTheCarrier(method) || isForTheCarrier(type))
                                    .map(Method::getName)
                                    .collect(Collectors.toCollection(TreeSet::new));
                    if (!names.isEmpty()) {
                        tagged.put(type.getSimpleName(), names);
                    }
                });
        return tagged;
    }

    private static boolean isForTheCarrier(AnnotatedElement element) {
        return findRepeatableAnnotations(element, Tag.class).stream()
                .anyMatch(tag -> tag.value().equals("carrier"));
    }

    private static Stream<Class<?>> testClasses() {
        return Repository.files().stream()
                .filter(path -> path.startsWith(SOURCES) && path.endsWith("Test.java"))
                .map(path -> path.substring(SOURCES.length(), path.length() - ".java".length()))
                .map(path -> load(path.replace('/', '.')));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, CarrierAloneTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
