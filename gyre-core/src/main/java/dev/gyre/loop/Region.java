package dev.gyre.loop;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// A block of a task's code with its own rule for being interrupted. Regions nest as the blocks do.
final class Region {

    /// For a region that no timer ends.
    static final Duration NO_LIMIT = Duration.ofSeconds(Long.MAX_VALUE);

    /// What a region is for.
    enum Kind {
        /// The block of [Task#withDeadline]: once expired, its suspensions throw.
        DEADLINE,
        /// The block of [Task#shielded]: until expired, nothing outside reaches its suspensions.
        SHIELD,
        /// The block of a [TaskScope]: expired when a child has failed, which cancels the block.
        SCOPE
    }

    final Kind kind;
    final @Nullable Region outer;
    final Duration limit;

    /// The moment when the region's time is up; of no meaning for a scope.
    final Deadline deadline;

    /// Whether the region's timer has run, or its scope has failed.
    boolean expired;

    /// Returns whether no code inside may suspend any more. The timer may be late, so the clock
    /// counts too.
    boolean isOver(long now) {
        return expired || (kind != Kind.SCOPE && now - deadline.nanos() >= 0);
    }

    /// Returns the exception that a suspension inside throws once the region has expired.
    ///
    /// @param innermost the innermost region around the suspension
    /// @param awaited says what was awaited, or is empty
    RuntimeException interruption(Region innermost, String awaited) {
        return kind == Kind.SCOPE
                ? new CancellationException("another task of the scope has failed")
                : new DeadlineExceededException(limit, awaited + place(innermost));
    }

    /// Says which of several deadlines this is, one around the other; empty if there is but one.
    private String place(Region innermost) {
        int count = 0;
        int place = 0;
        for (Region each = innermost; each != null; each = each.outer) {
            if (each.kind == Kind.DEADLINE) {
                count++;
                place = each == this ? count : place;
            }
        }
        return kind == Kind.SHIELD || count < 2
                ? ""
                : " (deadline %d of %d, from inside)".formatted(place, count);
    }

    Region(Kind kind, @Nullable Region outer, Duration limit, Deadline deadline) {
        this.kind = kind;
        this.outer = outer;
        this.limit = limit;
        this.deadline = deadline;
    }
}
