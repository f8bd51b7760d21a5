package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// How coroutines run in this process, and what to do if that is not the best way.
///
/// @param explanation the name of the mechanism and why it is in use, in one line
record Mechanism(String explanation) {

    /// The mechanisms there are.
    enum Kind {
        /// Coroutines run on the loop's own thread, and may block.
        CARRIER,

        /// Coroutines take turns with the loop's thread, and hold it up when they block.
        BATON,

        /// The process cannot have coroutines.
        NONE
    }

    /// Returns the mechanism of this process.
    static Mechanism current() {
        return new Mechanism(IOLoop.coroutines());
    }

    Kind kind() {
        if (explanation.startsWith("carrier")) {
            return Kind.CARRIER;
        }
        return explanation.startsWith("baton") ? Kind.BATON : Kind.NONE;
    }

    /// Refuses a command that needs coroutines if the process cannot have them.
    ///
    /// @throws ParameterException if the process cannot; its cause is an [IllegalStateException]
    void require(CommandLine command) {
        if (kind() == Kind.NONE) {
            String reason = explanation.replaceFirst("^none: ", "");
            throw new ParameterException(
                    command,
                    "there are no coroutines here: " + reason,
                    new IllegalStateException(explanation));
        }
    }

    /// Returns what to do so that coroutines run on the loop's own thread, as part of a sentence.
    String cure() {
        if (explanation.contains("-Ddev.gyre.coroutines=baton")) {
            return "leave out -Ddev.gyre.coroutines=baton";
        }
        if (explanation.contains("--add-opens")) {
            return "start java with --add-opens=java.base/java.lang=ALL-UNNAMED (on the module"
                    + " path, =dev.gyre.core)";
        }
        if (explanation.contains("docs/coroutines.md")) {
            return "see docs/coroutines.md, section \"A new JDK: do this, in this order\"";
        }
        return "see docs/blocking.md, section \"Turning the carrier on\"";
    }
}
