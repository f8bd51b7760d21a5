package dev.gyre.loop;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Formatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/// Reads the time zones, and the names of the months, which a record of a log needs.
///
/// The first record may tell of a shortage of descriptors, and then they could not be read. But to
/// read them takes as long as all else of a start, and nobody who waits for the first answer of a
/// server waits for a record. So this is done when the first loop starts, beside it, on a thread of
/// its own.
final class TimeZones {

    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private static final Thread READER =
            Thread.ofPlatform().daemon().name("gyre-time-zones").unstarted(TimeZones::read);

    private TimeZones() {}

    /// Begins to read them unless that was done already. Any thread, does not wait.
    static void begin() {
        if (!BEGUN.getAndSet(true)) {
            READER.start();
        }
    }

    /// Returns when they are read. Any thread; a coroutine is suspended, where one that came upon
    /// their half-initialised classes would hold up its loop.
    static void await() {
        begin();
        OnPlatformThread.join(READER);
    }

    private static void read() {
        try (Formatter formatter = new Formatter(Locale.ROOT)) {
            formatter.format("%1$tb", Instant.EPOCH.atZone(ZoneId.systemDefault()));
        }
    }
}
