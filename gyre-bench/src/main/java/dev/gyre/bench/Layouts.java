package dev.gyre.bench;

import java.util.List;
import org.openjdk.jol.info.ClassLayout;

/// Prints how the objects behind one parked coroutine lie in memory.
final class Layouts {

    private static final List<String> CLASSES =
            List.of(
                    "Task",
                    "CarrierCoroutine",
                    "Coroutine$Waiter",
                    "LoopFuture",
                    "StepList",
                    "LoopTimer",
                    "CallbackStep",
                    "LoopFuture$Listener",
                    "Region");

    private Layouts() {}

    public static void main(String[] arguments) throws ClassNotFoundException {
        for (String name : CLASSES) {
            Class<?> type =
                    Class.forName("dev.gyre.loop." + name, false, Layouts.class.getClassLoader());
            System.out.println(ClassLayout.parseClass(type).toPrintable());
        }
        Class<?> thread = Class.forName("java.lang.VirtualThread");
        System.out.println(ClassLayout.parseClass(thread).toPrintable());
    }
}
