/// Gyre's core: an event loop that runs callbacks, timers and channel handlers on one thread.
@org.jspecify.annotations.NullMarked
module dev.gyre.core {
    requires static org.jspecify;
    // Only for sun.misc.Signal: the JDK has no other way to hear of a signal.
    requires jdk.unsupported;

    exports dev.gyre.loop;
    exports dev.gyre.net;
    exports dev.gyre.stream;
    exports dev.gyre.sync;
}
