package dev.gyre.verify.trial;

import java.util.Locale;

/// Runs one trial, in a process of its own.
///
/// The last line it prints is what the trial has to say. The exit status is 0 if the loop went on
/// and lost nothing.
public final class TrialProgram {

    private static final int FAILED = 10;

    private TrialProgram() {}

    /// Runs it, and ends the process.
    ///
    /// @param args the name of the trial, and how many seconds it is to last
    public static void main(String[] args) {
        Trial trial = Trial.valueOf(args[0].toUpperCase(Locale.ROOT));
        try {
            String done = trial.strain().run(new Course(Long.parseLong(args[1])));
            System.out.println(done);
            System.exit(0);
        } catch (Throwable e) {
            e.printStackTrace(System.out);
            System.out.println(e);
            System.exit(FAILED);
        }
    }
}
