package dev.gyre.verify.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the `module-info` of each shipped module promises (rule 4 of `docs/architecture.md`).
class ModuleTest {

    /// What each may need at run time, and what only to compile or when it is there (`static`).
    private static final Map<String, Set<String>> REQUIRED =
            Map.of(
                    "dev.gyre.core",
                    Set.of("java.base", "jdk.unsupported", "static org.jspecify"),
                    "dev.gyre.testing",
                    Set.of(
                            "java.base",
                            "java.logging",
                            "dev.gyre.core",
                            "static org.jspecify",
                            "static org.junit.jupiter.api"));

    static Iterable<ShippedModule> shipped() {
        return ShippedModule.ALL;
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void requiresTheJdkAndJSpecifyOnly(ShippedModule module) {
        Set<String> required =
                module.descriptor().requires().stream()
                        .map(ModuleTest::inWords)
                        .collect(Collectors.toSet());

        assertThat(REQUIRED.getOrDefault(module.name(), Set.of())).containsAll(required);
    }

    private static String inWords(Requires requires) {
        boolean compileOnly = requires.modifiers().contains(Requires.Modifier.STATIC);
        return compileOnly ? "static " + requires.name() : requires.name();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void exportsEachPackageToEverybody(ShippedModule module) {
        ModuleDescriptor descriptor = module.descriptor();

        assertThat(descriptor.exports())
                .as("qualified exports make friends (rule 3)")
                .noneMatch(ModuleDescriptor.Exports::isQualified)
                .extracting(ModuleDescriptor.Exports::source)
                .as("a package that is not exported is called package-private")
                .containsExactlyInAnyOrderElementsOf(descriptor.packages());
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void opensAndProvidesNothing(ShippedModule module) {
        ModuleDescriptor descriptor = module.descriptor();

        assertThat(descriptor.isOpen()).isFalse();
        assertThat(descriptor.opens()).isEmpty();
        assertThat(descriptor.provides()).isEmpty();
        assertThat(descriptor.uses()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void packagesHaveNounsForNames(ShippedModule module) {
        Set<String> banned = Set.of("impl", "internal", "util", "utils", "common", "spi");
        Set<String> words = new TreeSet<>();
        module.descriptor().packages().forEach(name -> words.addAll(Set.of(name.split("\\."))));

        assertThat(words).doesNotContainAnyElementsOf(banned);
    }
}
