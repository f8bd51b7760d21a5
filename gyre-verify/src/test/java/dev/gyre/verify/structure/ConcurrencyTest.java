package dev.gyre.verify.structure;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Above the loop the core knows no other thread, so it needs nothing that is made for several.
class ConcurrencyTest {

    @Test
    void noFieldOutsideTheLoopIsVolatile() {
        noFields()
                .that()
                .areDeclaredInClassesThat(not(resideInAPackage("dev.gyre.loop")))
                .should()
                .haveModifier(JavaModifier.VOLATILE)
                .because("a loop's state belongs to its thread, and needs no locks")
                .allowEmptyShould(true)
                .check(Imported.CORE);
    }

    @Test
    void noMethodOutsideTheLoopIsSynchronized() {
        noMethods()
                .that()
                .areDeclaredInClassesThat(not(resideInAPackage("dev.gyre.loop")))
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED)
                .because("a loop's state belongs to its thread, and needs no locks")
                .allowEmptyShould(true)
                .check(Imported.CORE);
    }

    @Test
    void nothingOutsideTheLoopUsesAtomicsOrLocks() {
        noClasses()
                .that(not(resideInAPackage("dev.gyre.loop")))
                // What engines ask for in their tasks, off the loops: a lock that says it is one.
                .and(not(name("dev.gyre.stream.Newest")))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "java.util.concurrent.atomic", "java.util.concurrent.locks"))
                .because("a loop's state belongs to its thread, and needs no locks")
                .allowEmptyShould(true)
                .check(Imported.CORE);
    }

    /// ArchUnit does not see statements, so this looks for the instruction.
    @Test
    void noStatementOutsideTheLoopIsSynchronized() {
        List<String> found =
                ShippedModule.CORE.classNames().stream()
                        .filter(name -> !name.startsWith("dev.gyre.loop."))
                        .filter(ConcurrencyTest::entersMonitor)
                        .toList();

        assertThat(found)
                .as("classes with synchronized statements; a loop's state needs no locks")
                .isEmpty();
    }

    @Test
    void theSearchForMonitorsFindsOne() {
        // Signals has only methods of that kind, so this class must do.
        assertThat(entersMonitor(ClassFile.of().parse(ownBytes()).methods())).isTrue();
    }

    private static boolean entersMonitor(String className) {
        return entersMonitor(ClassFile.of().parse(ShippedModule.CORE.bytes(className)).methods());
    }

    private static boolean entersMonitor(List<MethodModel> methods) {
        return methods.stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .anyMatch(element ->
                        element instanceof Instruction instruction
                                && instruction.opcode() == Opcode.MONITORENTER);
    }

    private static byte[] ownBytes() {
        // The statement that the test above is to find.
        synchronized (ConcurrencyTest.class) {
            try (var in = ConcurrencyTest.class.getResourceAsStream("ConcurrencyTest.class")) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
