package dev.gyre.loop;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The place in the user's code where a future or a task was made, for reports and dumps.
///
/// A site is recorded only when the system property `dev.gyre.debug` is `true`, since that takes a
/// walk over the stack, some microseconds: as long as a short message takes through a server. So it
/// is recorded for each task, and for a future that does not say what it is. One that has the name
/// of its operation, as a read has, which names the stream too, is told from others by that.
final class Site {

    private static final boolean RECORDED = Boolean.getBoolean("dev.gyre.debug");

    /// Enough frames to see who called the method that made the future or task.
    private static final int FRAMES_MAX = 3;

    private static final String OURS = Site.class.getPackageName() + ".";

    private final String frames;

    private Site(String frames) {
        this.frames = frames;
    }

    /// Returns the place that called into this package, or null when places are not recorded.
    static @Nullable Site hereOrNull() {
        return RECORDED ? new Site(walk()) : null;
    }

    /// Returns the place that called into this package; null when places are not recorded, or the
    /// operation tells people what it is.
    static @Nullable Site hereUnlessNamed(Runnable operation) {
        return RECORDED && !isNamed(operation) ? hereOrNull() : null;
    }

    /// Returns whether places are recorded: whether this process is in debug mode.
    static boolean areRecorded() {
        return RECORDED;
    }

    /// Returns whether the text of an operation tells what it is, which that of a lambda does not.
    static boolean isNamed(Runnable operation) {
        return !operation.getClass().isHidden();
    }

    private static String walk() {
        return StackWalker.getInstance()
                .walk(frames ->
                        frames.dropWhile(Site::isOurs)
                                .limit(FRAMES_MAX)
                                .map(frame -> frame.toStackTraceElement().toString())
                                .collect(Collectors.joining(" < ")));
    }

    private static boolean isOurs(StackWalker.StackFrame frame) {
        return frame.getClassName().startsWith(OURS);
    }

    /// Returns the frames, the innermost first.
    @Override
    public String toString() {
        return frames;
    }
}
