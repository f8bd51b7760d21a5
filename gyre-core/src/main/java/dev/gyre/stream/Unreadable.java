package dev.gyre.stream;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Why a file cannot be read, in words: some exceptions of the JDK tell it by their class alone.
final class Unreadable {

    private Unreadable() {}

    static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException e -> "there is no such file";
            case AccessDeniedException e -> "reading it is not permitted";
            // Its message begins with the file, which whoever tells this names too.
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
