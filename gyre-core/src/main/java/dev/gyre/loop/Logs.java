package dev.gyre.loop;

/// The two loggers of the loop, named as Tornado names them.
final class Logs {

    /// What the library itself has to say.
    static final System.Logger GENERAL = System.getLogger("dev.gyre.general");

    /// What user code let out.
    static final System.Logger APPLICATION = System.getLogger("dev.gyre.application");

    private Logs() {}
}
