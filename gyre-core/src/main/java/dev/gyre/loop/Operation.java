package dev.gyre.loop;

/// What is behind a future of the loop's own, with the name that people read in a dump, which a
/// lambda has not.
///
/// @param stop ends it when the future is cancelled
record Operation(String name, Runnable stop) implements Runnable {

    /// Returns one that ends by itself and cannot be stopped.
    static Operation endless(String name) {
        return new Operation(name, () -> {});
    }

    @Override
    public void run() {
        stop.run();
    }

    @Override
    public String toString() {
        return name;
    }
}
