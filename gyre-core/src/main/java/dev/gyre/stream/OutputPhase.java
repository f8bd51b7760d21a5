package dev.gyre.stream;

import org.jspecify.annotations.Nullable;

/// How far the output of a stream has come: what may still be queued, and whether the transport had
/// room when it was offered something last.
///
/// ```text
/// phase           BYTES_QUEUED  END_QUEUED      TAKEN   REFUSED         END_TOLD  GIVEN_UP
/// OPEN            OPEN          ENDING          OPEN    HELD_UP         -         FAILED
/// HELD_UP         HELD_UP       ENDING_HELD_UP  OPEN    HELD_UP         -         FAILED
/// ENDING          -             ENDING          ENDING  ENDING_HELD_UP  ENDED     FAILED
/// ENDING_HELD_UP  -             ENDING_HELD_UP  ENDING  ENDING_HELD_UP  ENDED     FAILED
/// ENDED           -             ENDED           ENDED   ENDED           ENDED     ENDED
/// FAILED          -             -               FAILED  FAILED          FAILED    FAILED
/// ```
///
/// The end may be queued several times: whoever asks for it wants to know when the peer was told.
/// What the transport answers after FAILED or ENDED comes from a call that was suspended when the
/// stream closed, or another told the end. A pair that has no phase is a mistake of ours, or of a
/// transport that says two things at once, and throws.
enum OutputPhase {

    /// Bytes may be queued, and the transport may take them.
    OPEN,

    /// Bytes may be queued; the transport had no room.
    HELD_UP,

    /// The end is queued, so no bytes may follow; the transport may take what is before it.
    ENDING,

    /// The end is queued; the transport had no room, for bytes or for the end.
    ENDING_HELD_UP,

    /// The peer was told that nothing follows.
    ENDED,

    /// What was not sent is given up.
    FAILED;

    /// What happens to the output.
    enum Event {
        /// A write with bytes, or with none, was queued.
        BYTES_QUEUED,
        /// The end was queued.
        END_QUEUED,
        /// The transport took all that it was offered.
        TAKEN,
        /// The transport had no room for some of what it was offered.
        REFUSED,
        /// The transport took the end.
        END_TOLD,
        /// The queue is dropped.
        GIVEN_UP
    }

    /// Returns the phase after an event.
    ///
    /// @throws IllegalStateException if the event cannot happen in this phase
    OutputPhase after(Event event) {
        OutputPhase next =
                switch (this) {
                    case OPEN, HELD_UP -> whileOpen(event);
                    case ENDING, ENDING_HELD_UP -> whileEnding(event);
                    case ENDED -> onceEnded(event);
                    case FAILED -> onceFailed(event);
                };
        if (next == null) {
            throw new IllegalStateException(
                    "%s cannot happen to an output that is %s".formatted(event, this));
        }
        return next;
    }

    private @Nullable OutputPhase whileOpen(Event event) {
        return switch (event) {
            case BYTES_QUEUED -> this;
            case END_QUEUED -> this == OPEN ? ENDING : ENDING_HELD_UP;
            case TAKEN -> OPEN;
            case REFUSED -> HELD_UP;
            case END_TOLD -> null;
            case GIVEN_UP -> FAILED;
        };
    }

    private @Nullable OutputPhase whileEnding(Event event) {
        return switch (event) {
            case BYTES_QUEUED -> null;
            case END_QUEUED -> this;
            case TAKEN -> ENDING;
            case REFUSED -> ENDING_HELD_UP;
            case END_TOLD -> ENDED;
            case GIVEN_UP -> FAILED;
        };
    }

    private static @Nullable OutputPhase onceEnded(Event event) {
        return switch (event) {
            case BYTES_QUEUED -> null;
            case END_QUEUED, TAKEN, REFUSED, END_TOLD, GIVEN_UP -> ENDED;
        };
    }

    private static @Nullable OutputPhase onceFailed(Event event) {
        return switch (event) {
            case BYTES_QUEUED, END_QUEUED -> null;
            case TAKEN, REFUSED, END_TOLD, GIVEN_UP -> FAILED;
        };
    }

    /// Returns whether the transport had no room when it was offered something last.
    boolean isHeldUp() {
        return this == HELD_UP || this == ENDING_HELD_UP;
    }

    /// Returns whether no bytes may be queued, since the end is.
    boolean isEnding() {
        return this == ENDING || this == ENDING_HELD_UP || this == ENDED;
    }
}
