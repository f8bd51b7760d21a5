package dev.gyre.verify.stream;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/// How a file gets another content, of the same length and with the same time of change.
enum Replacement {
    /// The file is written anew where it is, as by editors and restored backups.
    IN_PLACE {
        @Override
        void put(Path file, String content) throws IOException {
            write(file, content);
        }
    },

    /// Another file is renamed to its name, as by careful programs.
    BY_RENAMING {
        @Override
        void put(Path file, String content) throws IOException {
            Path fresh = file.resolveSibling("fresh");
            write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
    },

    /// The name is a link that leads to another file then, as with ACME clients.
    BY_A_LINK {
        @Override
        void put(Path file, String content) throws IOException {
            Path target = Files.createTempFile(file.getParent(), "version", ".pem");
            write(target, content);
            link(file, target);
        }
    },

    /// As Kubernetes does it: the file is a link through a folder that is one.
    BY_A_LINKED_FOLDER {
        @Override
        void put(Path file, String content) throws IOException {
            Path folder = Files.createTempDirectory(file.getParent(), "version");
            Path data = file.resolveSibling("..data");
            if (Files.exists(data)) {
                copyAll(data, folder);
            }
            write(folder.resolve(file.getFileName()), content);
            link(data, folder);
            if (!Files.isSymbolicLink(file)) {
                Files.createSymbolicLink(file, data.resolve(file.getFileName()));
            }
        }
    };

    private static final int LENGTH = 8192;

    /// A time in the past, the same for all files.
    private static final FileTime TIME = FileTime.from(Instant.parse("2026-11-01T12:00:00Z"));

    /// Gives the file this content, and the time that all have.
    abstract void put(Path file, String content) throws IOException;

    private static void write(Path file, String content) throws IOException {
        Files.writeString(file, content + "\n".repeat(LENGTH - content.length()));
        Files.setLastModifiedTime(file, TIME);
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            for (Path file : files) {
                Path copy = to.resolve(file.getFileName());
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void link(Path link, Path target) throws IOException {
        Path fresh = link.resolveSibling("fresh");
        Files.createSymbolicLink(fresh, target);
        Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    }
}
