package dev.gyre.verify.trial;

/// What is done to a loop in a [Trial].
interface Strain {

    /// Puts a loop of its own under strain until the time is over, on this thread.
    ///
    /// @return what was done, in words, with figures
    /// @throws AssertionError if something was lost or broken
    String run(Course course) throws Exception;
}
