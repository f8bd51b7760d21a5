package dev.gyre.verify.structure;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a user of the shipped modules meets.
class PublicTypesTest {

    private static final Pattern BANNED_NAME =
            Pattern.compile(
                    "Abstract[A-Z].*"
                            + "|.*(Impl|Base|Manager|Helper|Utils?|Processor|Info|Data|Wrapper)");

    @Test
    void signaturesNameOnlyTypesThatUsersCanName() {
        List<String> leaks =
                Imported.SHIPPED.stream()
                        .filter(PublicTypesTest::isPublic)
                        .flatMap(type -> type.getMembers().stream())
                        .filter(PublicTypesTest::isVisible)
                        .flatMap(PublicTypesTest::leaks)
                        .toList();

        assertThat(leaks).as("hidden types in public signatures").isEmpty();
    }

    /// The superclass may be hidden, as that of LoopTimer is: it adds nothing for users to name.
    @Test
    void interfacesAndBoundsNameOnlyTypesThatUsersCanName() {
        List<String> leaks =
                Imported.SHIPPED.stream()
                        .filter(PublicTypesTest::isPublic)
                        .flatMap(type ->
                                Stream.concat(
                                                type.getInterfaces().stream(),
                                                type.getTypeParameters().stream())
                                        .flatMap(PublicTypesTest::hidden)
                                        .map(name -> type.getName() + ": " + name))
                        .toList();

        assertThat(leaks).as("hidden types in public headers").isEmpty();
    }

    @Test
    void namesAreNounsOfTheProtocolOrTheKernel() {
        List<String> banned =
                Imported.SHIPPED.stream()
                        .filter(type -> BANNED_NAME.matcher(type.getSimpleName()).matches())
                        .map(JavaClass::getName)
                        .toList();

        assertThat(banned).as("names that say nothing: banned beginnings and endings").isEmpty();
    }

    @Test
    void noAbstractClassHasProtectedState() {
        List<String> found =
                Imported.SHIPPED.stream()
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> field.getModifiers().contains(JavaModifier.PROTECTED))
                        .map(JavaField::getFullName)
                        .toList();

        assertThat(found).as("composition, not inheritance: protected fields").isEmpty();
    }

    @Test
    void publicClassesAreFinalUnlessUsersExtendThem() {
        List<String> open =
                Imported.SHIPPED.stream()
                        .filter(PublicTypesTest::isPublic)
                        .filter(type -> !type.isInterface() && !type.isEnum())
                        .filter(type -> !type.isAssignableTo(Throwable.class))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.FINAL))
                        .filter(type -> !type.reflect().isSealed())
                        .map(JavaClass::getName)
                        .toList();

        assertThat(open).as("public classes that are neither final nor sealed").isEmpty();
    }

    @Test
    void nothingIsPrintedPastTheLoggers() {
        noClasses()
                .that(not(name("dev.gyre.loop.Logs")))
                .should(ACCESS_STANDARD_STREAMS)
                .because("people choose where logs go; only a log that fails tells it there")
                .check(Imported.CORE);
    }

    private static Stream<String> leaks(JavaMember member) {
        List<JavaType> named = new ArrayList<>();
        if (member instanceof JavaField field) {
            named.add(field.getType());
        }
        if (member instanceof JavaCodeUnit code) {
            named.add(code.getReturnType());
            named.addAll(code.getParameterTypes());
            named.addAll(code.getExceptionTypes());
            named.addAll(code.getTypeParameters());
        }
        return named.stream()
                .flatMap(PublicTypesTest::hidden)
                .map(name -> member.getFullName() + ": " + name);
    }

    private static Stream<String> hidden(JavaType type) {
        Set<JavaClass> involved = type.getAllInvolvedRawTypes();
        return involved.stream()
                .map(JavaClass::getBaseComponentType)
                .filter(raw -> raw.getPackageName().startsWith("dev.gyre") && !isPublic(raw))
                .map(JavaClass::getName);
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(PublicTypesTest::isPublic).orElse(true);
    }

    private static boolean isVisible(JavaMember member) {
        Set<JavaModifier> modifiers = member.getModifiers();
        return !modifiers.contains(JavaModifier.SYNTHETIC)
                && (modifiers.contains(JavaModifier.PUBLIC)
                        || modifiers.contains(JavaModifier.PROTECTED));
    }
}
