package dev.gyre.verify.task;

import dev.gyre.loop.IOLoop;

/// Makes a loop, and has its first turn write a record to the log.
final class FirstRecordProgram {

    private FirstRecordProgram() {}

    public static void main(String[] args) {
        try (IOLoop loop = new IOLoop()) {
            System.out.println("made");
            loop.addCallback(() -> {
                throw new IllegalStateException("planned");
            });
            loop.addCallback(loop::stop);
            loop.start();
        }
        System.out.println("over");
    }
}
