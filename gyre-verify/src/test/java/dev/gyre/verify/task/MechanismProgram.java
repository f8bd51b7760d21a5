package dev.gyre.verify.task;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import java.time.Duration;

/// A program that says which mechanism it runs under, after having used it in two loops.
final class MechanismProgram {

    private MechanismProgram() {}

    public static void main(String[] args) {
        for (int i = 0; i < 2; i++) {
            try (IOLoop loop = new IOLoop()) {
                loop.runSync(() -> {
                    Task.sleep(Duration.ofMillis(1));
                    System.out.println("coroutines: " + IOLoop.coroutines());
                    System.out.println("module: " + IOLoop.class.getModule().getName());
                    return null;
                });
            }
        }
    }
}
