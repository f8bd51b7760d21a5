package dev.gyre.loop;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// The mechanism of coroutines, chosen once for the process.
///
/// Normally the carrier is taken if the JDK lets us reach what it needs ([CarrierThreads]) and it
/// proves itself ([CarrierSelfTest]), else the baton. The system property `dev.gyre.coroutines`
/// forces one: a forced carrier that does not work is an error.
enum Coroutines {
    /// Virtual threads that run on the loop's own thread.
    CARRIER {
        @Override
        Coroutine create(LoopThread loop, Context context, String name, CoroutineBody body) {
            return new CarrierCoroutine(loop, context, name, body);
        }
    },

    /// Ordinary virtual threads that take turns with the loop's thread.
    BATON {
        @Override
        Coroutine create(LoopThread loop, Context context, String name, CoroutineBody body) {
            return new BatonCoroutine(loop, context, name, body);
        }
    };

    /// The name of the system property that forces a mechanism: `carrier` or `baton`.
    static final String PROPERTY = "dev.gyre.coroutines";

    private static final String FLAG =
            "--add-opens=java.base/java.lang="
                    + (Coroutines.class.getModule().isNamed() ? "dev.gyre.core" : "ALL-UNNAMED");

    /// Where it is told what to do about a JDK that does not offer what the carrier needs.
    private static final String NEW_JDK = "; see \"A new JDK\" in docs/coroutines.md";

    abstract Coroutine create(LoopThread loop, Context context, String name, CoroutineBody body);

    /// Returns the mechanism of this process.
    ///
    /// @throws IllegalStateException if the one that is forced does not work
    static Coroutines chosen() {
        Coroutines mechanism = Choice.MADE.mechanism;
        if (mechanism == null) {
            throw new IllegalStateException(Choice.MADE.explanation);
        }
        return mechanism;
    }

    /// Returns the name of the mechanism and why it is in use, in one line.
    static String explained() {
        return Choice.MADE.explanation;
    }

    /// The choice, made with the first loop, and logged then. Its mechanism is null if the forced
    /// one does not work.
    private record Choice(@Nullable Coroutines mechanism, String explanation) {

        static final Choice MADE = make(System.getProperty(PROPERTY, ""));

        private static Choice make(String forced) {
            if (forced.equals("baton")) {
                return new Choice(BATON, "baton (forced by -D" + PROPERTY + "=baton)");
            }
            if (!forced.equals("carrier") && !forced.isEmpty()) {
                return new Choice(
                        null,
                        "-D%s=%s is unknown; use carrier or baton".formatted(PROPERTY, forced));
            }
            String problem = problem();
            if (problem == null) {
                return new Choice(CARRIER, "carrier (coroutines run on the loop's own thread)");
            }
            if (forced.equals("carrier")) {
                return new Choice(
                        null, "none: -D" + PROPERTY + "=carrier does not work; " + problem);
            }
            String explanation = "baton (" + problem + ")";
            Logs.GENERAL.log(Level.INFO, "coroutines use the slower mechanism: " + explanation);
            return new Choice(BATON, explanation);
        }

        private static @Nullable String problem() {
            Throwable unavailable = CarrierThreads.unavailable();
            if (unavailable instanceof IllegalAccessException) {
                return "to run them on the loop's own thread, start java with " + FLAG;
            }
            String met =
                    unavailable == null
                            ? CarrierSelfTest.problem()
                            : String.valueOf(unavailable.getMessage());
            return met == null ? null : met + NEW_JDK;
        }
    }
}
