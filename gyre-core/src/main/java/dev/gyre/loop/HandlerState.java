package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// How it stands with the handler of a channel, and what the poller watches for.
///
/// ```text
/// state     READY     CALL_ENDED  FAILED_AGAIN  PAUSE_OVER  REMOVED
/// WATCHED   IN_CALL   -           -             -           REMOVED
/// IN_CALL   SILENCED  WATCHED     PAUSED        -           REMOVED
/// SILENCED  SILENCED  WATCHED     PAUSED        -           REMOVED
/// PAUSED    PAUSED    PAUSED      -             WATCHED     REMOVED
/// REMOVED   -         REMOVED     -             -           -
/// ```
///
/// A channel that is ready during the call of its handler is silenced, since that call is suspended
/// in one of the JDK: the poller would say so in each turn. Ready in SILENCED or PAUSED is what the
/// poller has seen before it was told. A handler may remove itself, and a call that fails again
/// pauses it before the call has ended. A pair that has no state is a mistake of ours, and throws.
enum HandlerState {

    /// The poller watches for what is wanted; the handler is called when the channel is ready.
    WATCHED,

    /// The poller watches for what is wanted; the handler is being called.
    IN_CALL,

    /// The poller watches for nothing; the handler is being called, and its channel is ready again.
    SILENCED,

    /// The poller watches for nothing; the handler is left alone for a while after its failures.
    PAUSED,

    /// The entry handles its channel no longer.
    REMOVED;

    /// What happens to the handler.
    enum Event {
        /// Its turn has come, since its channel is ready.
        READY,
        /// The call has returned or thrown.
        CALL_ENDED,
        /// The call throws, as the one before it did.
        FAILED_AGAIN,
        /// The time is over for which it was to be left alone.
        PAUSE_OVER,
        /// It was removed, or its channel was closed.
        REMOVED
    }

    /// Returns the state after an event.
    ///
    /// @throws IllegalStateException if the event cannot happen in this state
    HandlerState after(Event event) {
        HandlerState next =
                switch (event) {
                    case READY -> onceReady();
                    case CALL_ENDED -> onceCallEnded();
                    case FAILED_AGAIN -> this == IN_CALL || this == SILENCED ? PAUSED : null;
                    case PAUSE_OVER -> this == PAUSED ? WATCHED : null;
                    case REMOVED -> this == REMOVED ? null : REMOVED;
                };
        if (next == null) {
            throw new IllegalStateException(
                    "%s cannot happen to a handler that is %s".formatted(event, this));
        }
        return next;
    }

    private @Nullable HandlerState onceReady() {
        return switch (this) {
            case WATCHED -> IN_CALL;
            case IN_CALL, SILENCED -> SILENCED;
            case PAUSED -> PAUSED;
            case REMOVED -> null;
        };
    }

    private @Nullable HandlerState onceCallEnded() {
        return switch (this) {
            case WATCHED -> null;
            case IN_CALL, SILENCED -> WATCHED;
            case PAUSED, REMOVED -> this;
        };
    }

    /// Returns whether the poller watches for what is wanted.
    boolean isWatched() {
        return this == WATCHED || this == IN_CALL;
    }
}
