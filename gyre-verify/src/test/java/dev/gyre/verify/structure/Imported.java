package dev.gyre.verify.structure;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Arrays;

/// The classes that the rules look at, read once: that takes longer than the rules themselves.
final class Imported {

    /// All of ours on the class path: the shipped modules, the suites and the races.
    static final JavaClasses ALL = new ClassFileImporter().importPackages("dev.gyre");

    static final JavaClasses CORE = of(ShippedModule.CORE);
    static final JavaClasses TESTING = of(ShippedModule.TESTING);
    static final JavaClasses SHIPPED = of(ShippedModule.CORE, ShippedModule.TESTING);

    private Imported() {}

    private static JavaClasses of(ShippedModule... modules) {
        return ALL.that(
                DescribedPredicate.describe(
                        "are shipped",
                        type ->
                                !isOfHere(type)
                                        && Arrays.stream(modules)
                                                .map(module -> module.descriptor().packages())
                                                .anyMatch(packages ->
                                                        packages.contains(type.getPackageName()))));
    }

    /// Returns whether a class is one of this module's, some of which are in a package that they
    /// look into.
    private static boolean isOfHere(JavaClass type) {
        return type.getSource().stream()
                .anyMatch(source -> source.getUri().toString().contains("/gyre-verify/"));
    }
}
