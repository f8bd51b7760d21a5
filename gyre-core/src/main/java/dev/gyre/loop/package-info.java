/// The event loop: channel handlers, callbacks, timers and futures, all on one thread.
///
/// Start at [dev.gyre.loop.IOLoop]. Only this package touches selectors, clocks, threads and
/// signals; nothing that reads or writes bytes belongs here.
package dev.gyre.loop;
