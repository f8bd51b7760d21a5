package dev.gyre.loop;

/// The two loggers of the loop, named as Tornado names them.
final class Logs {

    /// What the library itself has to say.
    static final System.Logger GENERAL = System.getLogger("dev.gyre.general");

    /// What user code let out.
    static final System.Logger APPLICATION = System.getLogger("dev.gyre.application");

    private Logs() {}

    /// Makes the loggers ready, which the JDK otherwise puts off to the first record.
    static void load() {
        GENERAL.isLoggable(System.Logger.Level.ERROR);
        APPLICATION.isLoggable(System.Logger.Level.ERROR);
    }
}
