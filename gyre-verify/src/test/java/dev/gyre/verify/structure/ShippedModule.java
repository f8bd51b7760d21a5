package dev.gyre.verify.structure;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// A module that users get, as the build made it: a directory of classes or a jar. Found on the
/// class path, on which these tests run.
record ShippedModule(ModuleReference reference) {

    static final ShippedModule CORE = find("dev.gyre.core");
    static final ShippedModule TESTING = find("dev.gyre.testing");
    static final List<ShippedModule> ALL = List.of(CORE, TESTING);

    private static ShippedModule find(String name) {
        Path[] classPath =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(Path::of)
                        .filter(ShippedModule::isOurs)
                        .toArray(Path[]::new);
        return ModuleFinder.of(classPath)
                .find(name)
                .map(ShippedModule::new)
                .orElseThrow(() -> new IllegalStateException(name + " is not on the class path"));
    }

    /// Leaves out the jars of others, from which the finder would make automatic modules.
    private static boolean isOurs(Path entry) {
        return Files.isDirectory(entry)
                ? Files.exists(entry.resolve("module-info.class"))
                : entry.getFileName().toString().startsWith("gyre-");
    }

    String name() {
        return descriptor().name();
    }

    ModuleDescriptor descriptor() {
        return reference.descriptor();
    }

    /// Returns the names of all classes, nested ones included, without `module-info`.
    List<String> classNames() {
        try (ModuleReader reader = reference.open();
                var entries = reader.list()) {
            return entries.filter(entry -> entry.endsWith(".class"))
                    .map(entry -> entry.substring(0, entry.length() - ".class".length()))
                    .filter(entry -> entry.contains("/") && !entry.endsWith("/package-info"))
                    .map(entry -> entry.replace('/', '.'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes(String className) {
        try (ModuleReader reader = reference.open();
                var in = reader.open(className.replace('.', '/') + ".class").orElseThrow()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Loads the public types of the exported packages.
    List<Class<?>> publicTypes() {
        return classNames().stream()
                .<Class<?>>map(ShippedModule::load)
                .filter(type -> isExported(type.getPackageName()) && Visibility.isPublic(type))
                .toList();
    }

    private static Class<?> load(String className) {
        try {
            return Class.forName(className, false, ShippedModule.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a listed class cannot be loaded: " + className, e);
        }
    }

    private boolean isExported(String packageName) {
        return descriptor().exports().stream()
                .anyMatch(exports -> exports.source().equals(packageName));
    }
}
