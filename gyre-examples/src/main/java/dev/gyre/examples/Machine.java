package dev.gyre.examples;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.gyre.loop.Poller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What a program finds around it: facts, without a judgement.
///
/// @param javaFeature the JDK's feature release, as in 25
/// @param javaVersion the JDK's whole version
/// @param javaVendor who built the JDK
/// @param javaHome where the JDK is
/// @param system the operating system, its version and architecture
/// @param poller what the loop's poller calls itself, or why it could not be opened
/// @param mechanism how coroutines run
/// @param filesSoftMax how many files this process may have open; empty where there is no such
///   limit
/// @param filesHardMax how many files an ordinary user may ask for; empty where that is not known
/// @param processors how many processors the JVM uses
/// @param heapBytesMax the size that the heap may grow to
record Machine(
        int javaFeature,
        String javaVersion,
        String javaVendor,
        String javaHome,
        String system,
        String poller,
        Mechanism mechanism,
        OptionalLong filesSoftMax,
        OptionalLong filesHardMax,
        int processors,
        long heapBytesMax) {

    /// Where Linux tells the limits of a process.
    private static final Path LIMITS = Path.of("/proc/self/limits");

    /// Returns the machine that this process runs on.
    static Machine current() {
        return new Machine(
                Runtime.version().feature(),
                Runtime.version().toString(),
                System.getProperty("java.vendor", "unknown vendor"),
                System.getProperty("java.home", "unknown place"),
                String.join(
                        " ",
                        System.getProperty("os.name", "unknown system"),
                        System.getProperty("os.version", ""),
                        System.getProperty("os.arch", "")),
                pollerName(),
                Mechanism.current(),
                filesSoftMaxNow(),
                filesHardMaxNow(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory());
    }

    private static String pollerName() {
        try (Poller poller = Poller.open()) {
            return poller.toString();
        } catch (IOException | UncheckedIOException e) {
            return "failed: " + e.getMessage();
        }
    }

    private static OptionalLong filesSoftMaxNow() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean unix
                ? OptionalLong.of(unix.getMaxFileDescriptorCount())
                : OptionalLong.empty();
    }

    private static OptionalLong filesHardMaxNow() {
        if (!Files.isReadable(LIMITS)) {
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(LIMITS)) {
            return lines.filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split(" +"))
                    .filter(words -> words.length > 4 && words[4].matches("\\d+"))
                    .mapToLong(words -> Long.parseLong(words[4]))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }
}
