package dev.gyre.loop;

/// How far a [CarrierCoroutine] has come.
///
/// ```text
/// life   STARTED  RESUMED  WENT_ON
/// NEW    BEGUN    -        -
/// BEGUN  -        DUE      BEGUN
/// DUE    -        DUE      BEGUN
/// ```
///
/// A coroutine is DUE for longer than a moment only while another thread looks at its stack: the
/// JDK keeps the continuation then, and hands it over afterwards. One that goes on and is not DUE
/// was woken by somebody else, such as the [Rescue]. A pair that has no life is a mistake of ours,
/// and throws.
enum CarrierLife {

    /// Not started.
    NEW,

    /// Running, or suspended and not resumed.
    BEGUN,

    /// Resumed, and not gone on.
    DUE;

    /// What happens to the coroutine.
    enum Event {
        /// The JDK has started its thread.
        STARTED,
        /// The loop resumes it, not for the first time.
        RESUMED,
        /// It goes on after it has suspended, or is found to have ended.
        WENT_ON
    }

    /// Returns the life after an event.
    ///
    /// @throws IllegalStateException if the event cannot happen in this life
    CarrierLife after(Event event) {
        CarrierLife next =
                switch (event) {
                    case STARTED -> this == NEW ? BEGUN : null;
                    case RESUMED -> this == NEW ? null : DUE;
                    case WENT_ON -> this == NEW ? null : BEGUN;
                };
        if (next == null) {
            throw new IllegalStateException(
                    "%s cannot happen to a coroutine that is %s".formatted(event, this));
        }
        return next;
    }
}
