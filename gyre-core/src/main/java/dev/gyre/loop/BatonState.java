package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// Who has the baton of a [BatonCoroutine].
///
/// ```text
/// state      RESUMED    START_FAILED  BEGAN      PUT_DOWN  PICKED_UP  TAKEN_BACK  ENDED
/// NEW        STARTING   -             -          -         -          -           -
/// STARTING   -          NEW           COROUTINE  -         -          -           -
/// COROUTINE  -          -             -          PUT_DOWN  -          -           ENDED
/// PUT_DOWN   -          -             -          -         LOOP       COROUTINE   -
/// LOOP       COROUTINE  -             -          -         -          -           -
/// ENDED      ENDED      -             -          -         -          -           -
/// ```
///
/// Two threads change the state, and each of two changes has another that may come first: the
/// thread begins or its start is given up, and the loop picks the baton up or the coroutine takes
/// it back. A coroutine that has ended may be resumed once more, by what was queued before. A pair
/// that has no state is a mistake of ours, and throws.
enum BatonState {

    /// The loop has it; the coroutine was never resumed.
    NEW,

    /// Nobody has it; the coroutine's thread was started, and has not begun.
    STARTING,

    /// The coroutine has it.
    COROUTINE,

    /// Nobody has it; the coroutine is about to park, or is parked.
    PUT_DOWN,

    /// The loop has it; the coroutine is parked.
    LOOP,

    /// The loop has it; the coroutine's body has ended.
    ENDED;

    /// What happens to the baton.
    enum Event {
        /// The loop resumes the coroutine, for the first time by the start of its thread.
        RESUMED,
        /// There was no memory for the thread, which has not begun.
        START_FAILED,
        /// The thread begins.
        BEGAN,
        /// The coroutine suspends.
        PUT_DOWN,
        /// The loop sees that the coroutine is parked.
        PICKED_UP,
        /// The coroutine goes on, since it could not park.
        TAKEN_BACK,
        /// The body of the coroutine has ended.
        ENDED
    }

    /// Returns the state after an event.
    ///
    /// @throws IllegalStateException if the event cannot happen in this state
    BatonState after(Event event) {
        BatonState next =
                switch (event) {
                    case RESUMED -> onceResumed();
                    case START_FAILED -> this == STARTING ? NEW : null;
                    case BEGAN -> this == STARTING ? COROUTINE : null;
                    case PUT_DOWN -> this == COROUTINE ? PUT_DOWN : null;
                    case PICKED_UP -> this == PUT_DOWN ? LOOP : null;
                    case TAKEN_BACK -> this == PUT_DOWN ? COROUTINE : null;
                    case ENDED -> this == COROUTINE ? ENDED : null;
                };
        if (next == null) {
            throw new IllegalStateException(
                    "%s cannot happen to a baton that is %s".formatted(event, this));
        }
        return next;
    }

    private @Nullable BatonState onceResumed() {
        return switch (this) {
            case NEW -> STARTING;
            case LOOP -> COROUTINE;
            case ENDED -> ENDED;
            case STARTING, COROUTINE, PUT_DOWN -> null;
        };
    }

    /// Returns whether the loop waits to have the baton back.
    boolean isAway() {
        return this == STARTING || this == COROUTINE || this == PUT_DOWN;
    }
}
