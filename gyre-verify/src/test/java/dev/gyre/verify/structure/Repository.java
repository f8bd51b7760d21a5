package dev.gyre.verify.structure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The working tree that these tests were built from.
final class Repository {

    static final Path ROOT = findRoot();

    private static final Set<String> BINARY =
            Set.of("jar", "png", "p12", "jks", "gz", "zip", "bin");

    /// What a fuzzer has made lies in folders whose names end like this.
    private static final String FUZZED = "FuzzTestInputs/";

    private Repository() {}

    /// A file and its lines.
    record Text(String path, List<String> lines) {

        boolean isIn(String folder) {
            return path.startsWith(folder);
        }

        boolean endsWith(String... endings) {
            return Stream.of(endings).anyMatch(path::endsWith);
        }
    }

    /// Returns all text files that are committed or about to be, by path.
    static List<Text> texts() {
        return files().stream()
                .filter(path -> !path.contains(FUZZED))
                .filter(path -> !BINARY.contains(path.replaceFirst(".*\\.", "")))
                .map(Repository::text)
                .toList();
    }

    /// Returns the paths of all files that are committed or about to be: those git would list, or,
    /// where there is no git or the sources were copied out of it, all but what builds leave.
    static List<String> files() {
        List<String> listed = listedByGit();
        return (listed.isEmpty() ? walked() : listed)
                .stream().filter(path -> Files.isRegularFile(ROOT.resolve(path))).sorted().toList();
    }

    /// Returns a file of the tree.
    static Text text(String path) {
        try {
            return new Text(path, Files.readString(ROOT.resolve(path)).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    private static List<String> listedByGit() {
        if (!Files.exists(ROOT.resolve(".git"))) {
            return List.of();
        }
        try {
            Process git =
                    new ProcessBuilder(
                                    "git",
                                    "ls-files",
                                    "-z",
                                    "--cached",
                                    "--others",
                                    "--exclude-standard")
                            .directory(ROOT.toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor() == 0 ? List.of(names.split("\0")) : List.of();
        } catch (IOException e) {
            // No git on this machine, so the tree is walked.
            return List.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> walked() {
        List<String> found = new ArrayList<>();
        try {
            Files.walkFileTree(
                    ROOT,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            Path name = folder.getFileName();
                            boolean isLeft =
                                    name.toString().startsWith("target")
                                            || name.toString().equals(".git");
                            return isLeft && !folder.equals(ROOT)
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            found.add(ROOT.relativize(file).toString());
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /// Surefire runs in the folder of the module, an editor perhaps in the root.
    private static Path findRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no folder above this one has the file mvnw");
        }
        return folder;
    }
}
