package dev.gyre.loop;

/// What becomes of the continuation of a [CarrierCoroutine] that the JDK hands over on the loop's
/// own thread.
///
/// ```text
/// handover  RESUMED  HANDED_OVER  TAKEN
/// NONE      ASKED    NONE         -
/// ASKED     -        GIVEN        NONE
/// GIVEN     -        GIVEN        NONE
/// ```
///
/// The JDK may hand it over at any time, and in its innermost parts, where nothing may throw: so
/// that event can happen in each state. What nobody has asked for goes through the loop's queue. A
/// pair that has no state is a mistake of ours, and throws.
enum CarrierHandover {

    /// It goes through the loop's queue.
    NONE,

    /// A call of `resume`, which is to run it, has asked for it.
    ASKED,

    /// A call of `resume` has got it.
    GIVEN;

    /// What happens to the continuation.
    enum Event {
        /// A call of `resume` asks for it.
        RESUMED,
        /// The JDK hands it over.
        HANDED_OVER,
        /// That call of `resume` asks no longer, and runs what it has got.
        TAKEN
    }

    /// Returns the state after an event.
    ///
    /// @throws IllegalStateException if the event cannot happen in this state
    CarrierHandover after(Event event) {
        CarrierHandover next =
                switch (event) {
                    case RESUMED -> this == NONE ? ASKED : null;
                    case HANDED_OVER -> this == NONE ? NONE : GIVEN;
                    case TAKEN -> this == NONE ? null : NONE;
                };
        if (next == null) {
            throw new IllegalStateException(
                    "%s cannot happen to a continuation that is %s".formatted(event, this));
        }
        return next;
    }
}
