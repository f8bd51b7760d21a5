/// Gyre's test kit: a loop that a test drives by hand, with time that stands still.
@org.jspecify.annotations.NullMarked
module dev.gyre.testing {
    requires transitive dev.gyre.core;
    requires java.logging;
    requires static org.junit.jupiter.api;
    requires static org.jspecify;

    exports dev.gyre.testing;
}
