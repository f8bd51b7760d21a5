package dev.gyre.stream;

import org.jspecify.annotations.Nullable;

/// How it stands with the records of a TLS connection that have come and are not opened: where they
/// are, and whether a whole one may be among them. An intake is short when its engine has found no
/// whole record in it, so that only readiness below tells of more.
///
/// ```text
/// intake      RECORD_OPENED  FOUND_SHORT  BORROWED    STEP_ENDED  STARTED_OVER
/// KEPT        KEPT           KEPT_SHORT   -           KEPT        KEPT
/// KEPT_SHORT  KEPT           KEPT_SHORT   LENT_SHORT  KEPT_SHORT  KEPT
/// LENT        LENT           LENT_SHORT   -           KEPT        -
/// LENT_SHORT  LENT           LENT_SHORT   -           KEPT_SHORT  -
/// ```
///
/// More is taken from below only when what is here is short, and once in a step: a buffer that is
/// borrowed a second time would never be given back. What was borrowed stays short until the engine
/// has looked at it, for perhaps nothing came. Another engine takes over between steps, when
/// nothing is lent, and may find in what its predecessor has read what that one did not.
enum TlsTransportIntake {

    /// In an array of their size, or there are none; a whole record may be among them.
    KEPT,

    /// In an array of their size, or there are none; no whole record is among them.
    KEPT_SHORT,

    /// In a buffer that is borrowed for this step; a whole record may be among them.
    LENT,

    /// In a buffer that is borrowed for this step; no whole record was among them before.
    LENT_SHORT;

    /// What happens to the intake.
    enum Event {
        /// The engine has opened a record.
        RECORD_OPENED,
        /// The engine has found no whole record.
        FOUND_SHORT,
        /// What is here went into a borrowed buffer, for more from below to follow it.
        BORROWED,
        /// What is left goes back to an array of its size, if it was in a borrowed buffer.
        STEP_ENDED,
        /// All that has ever come is here again, for another engine.
        STARTED_OVER
    }

    /// Returns the intake after an event.
    ///
    /// @throws IllegalStateException if the event cannot happen to this intake
    TlsTransportIntake after(Event event) {
        TlsTransportIntake next =
                switch (event) {
                    case RECORD_OPENED -> isLent() ? LENT : KEPT;
                    case FOUND_SHORT -> isLent() ? LENT_SHORT : KEPT_SHORT;
                    case BORROWED -> this == KEPT_SHORT ? LENT_SHORT : null;
                    case STEP_ENDED -> isShort() ? KEPT_SHORT : KEPT;
                    case STARTED_OVER -> isLent() ? null : KEPT;
                };
        return checked(next, event);
    }

    private TlsTransportIntake checked(@Nullable TlsTransportIntake next, Event event) {
        if (next == null) {
            throw new IllegalStateException(
                    "%s cannot happen to a TLS intake that is %s".formatted(event, this));
        }
        return next;
    }

    /// Returns whether the records are in a borrowed buffer.
    boolean isLent() {
        return this == LENT || this == LENT_SHORT;
    }

    /// Returns whether no whole record is here.
    boolean isShort() {
        return this == KEPT_SHORT || this == LENT_SHORT;
    }
}
