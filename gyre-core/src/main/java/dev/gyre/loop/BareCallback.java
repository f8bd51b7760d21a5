package dev.gyre.loop;

/// A callback of the loop's own, which may run on the bare loop thread: see [Step#isBare].
@FunctionalInterface
interface BareCallback extends Callback {

    @Override
    void run();
}
