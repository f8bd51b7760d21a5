package dev.gyre.loop;

/// The operation behind a future of the loop's own, with the name that people read in a dump, which
/// a lambda has not.
///
/// @param stop ends the operation when the future is cancelled
record Operation(String name, Runnable stop) implements Runnable {

    /// Returns an operation that ends by itself and cannot be stopped.
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
