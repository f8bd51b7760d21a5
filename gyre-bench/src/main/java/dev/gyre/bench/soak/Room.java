package dev.gyre.bench.soak;

import dev.gyre.bench.soak.Findings.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Judges what the members of a chat room hear.
///
/// **What must be.** A room has one loop, which takes one line after the other and sends it to
/// whoever is a member then. So there is one order of all lines, and each member hears an unbroken
/// stretch of it. The stretch begins after what had been heard by anybody when the member set out
/// to enter, and no later than the member's own first line. It ends with the member's own last
/// line, if the member left in order; if it was cut off, it may end anywhere: what it heard until
/// then is still unbroken.
///
/// **How it is known.** Nobody tells the order: it is made of what is heard. Whoever hears a line
/// first adds it, and the line must be the next of its author; everybody else must hear the same at
/// the same place. If a line turns up before one that its author said earlier, the missing ones are
/// put in and counted as lost by who heard that, and the others are compared with the whole.
///
/// **Who may be cut off.** Who resets its connection, or whose connection the proxy breaks; that is
/// known when it happens. The room itself cuts off who reads too slowly, which is known by how much
/// it has told since what the member heard last: at least what may wait for a member. A connection
/// that ends without either is a finding. When it ends, what the others have heard may be less than
/// what the room has told, so it is judged after the next line that somebody says and hears.
final class Room {

    /// What the chat demo keeps for a member before it cuts it off, in bytes and in lines: a write
    /// counts as 64 bytes at least.
    static final int BACKLOG_BYTES = 256 * 1024;

    static final int BACKLOG_LINES = BACKLOG_BYTES / 64;

    /// A line in the order of the room.
    ///
    /// @param line which
    /// @param bytesUpTo how many bytes the room has told up to its end
    private record Told(Line line, long bytesUpTo) {}

    /// An end that must have been for slowness, which the next pulse will show.
    private record Unexplained(Member member, String why) {}

    private final Findings findings;

    /// The order, without what all members have left behind.
    private final List<Told> order = new ArrayList<>();

    /// The place of the first line of `order`, counted from the first of all.
    private long forgotten;

    /// How many bytes were told in all.
    private long bytesTold;

    /// The number of the line that is expected next, by author.
    private final Map<Integer, Integer> next = new HashMap<>();

    private final Set<Member> present = new HashSet<>();
    private List<Unexplained> unexplained = new ArrayList<>();
    private int authors;
    private long heard;
    private long slow;

    Room(Findings findings) {
        this.findings = findings;
    }

    /// Returns a new member, which is about to enter.
    Member enter() {
        Member member = new Member(authors++);
        present.add(member);
        return member;
    }

    /// Returns how many lines the room has told.
    long told() {
        return forgotten + order.size();
    }

    /// Returns how many lines all members together have heard.
    long heard() {
        return heard;
    }

    /// Returns how many members the room has cut off for reading too slowly.
    long slow() {
        return slow;
    }

    int presentCount() {
        return present.size();
    }

    /// Begins a pulse: a line that is said now, and heard when [Pulse#heard] is called.
    Pulse pulse() {
        Pulse pulse = new Pulse(unexplained);
        unexplained = new ArrayList<>();
        return pulse;
    }

    /// Ends that are judged once a line that was said later has been heard.
    final class Pulse {

        private final List<Unexplained> ends;

        private Pulse(List<Unexplained> ends) {
            this.ends = ends;
        }

        /// The line came back: all that the room had told before is known.
        void heard() {
            ends.forEach(Room.this::judge);
            forget();
        }
    }

    private void judge(Unexplained end) {
        Member member = end.member();
        long lines = told() - member.place;
        if (member.isFarBehind()) {
            slow++;
        } else {
            findings.add(
                    Kind.CUT_OFF,
                    "%s, %d bytes in %d lines behind: %s"
                            .formatted(member, bytesTold - member.bytesHeard, lines, end.why()));
        }
    }

    /// Drops what nobody will be compared with any more.
    private void forget() {
        long least = told();
        for (Member member : present) {
            least = Math.min(least, member.place);
        }
        int count = (int) (least - forgotten);
        order.subList(0, count).clear();
        forgotten = least;
    }

    private Told at(long place) {
        return order.get((int) (place - forgotten));
    }

    /// Returns the place of a line that was told at `from` or later, or -1.
    private long find(Line line, long from) {
        for (long place = from; place < told(); place++) {
            if (at(place).line().equals(line)) {
                return place;
            }
        }
        return -1;
    }

    private void append(Line line) {
        bytesTold += line.size();
        order.add(new Told(line, bytesTold));
        next.put(line.author(), line.number() + 1);
    }

    /// A member of the room, from its wish to enter to its end.
    final class Member {

        private final int author;

        /// How many lines the room told before the one that must be heard next; as long as nothing
        /// was heard, before the first that may be.
        private long place = told();

        /// How many bytes the room told up to there.
        private long bytesHeard = bytesTold;

        /// Whether any line was heard.
        private boolean hasHeard;

        /// Why it may be cut off at any time; null as long as it may not.
        private @Nullable String excuse;

        private Member(int author) {
            this.author = author;
        }

        int author() {
            return author;
        }

        /// Judges a line that this member has heard, and returns it, or null if it is none.
        @Nullable Line hear(String text) {
            heard++;
            Line line = Line.parse(text);
            if (line == null) {
                findings.add(Kind.GARBLED, "%s heard '%s'".formatted(this, shortened(text)));
            } else if (hasHeard && place < told() && at(place).line().equals(line)) {
                advance(place);
            } else {
                place(line);
            }
            return line;
        }

        /// Finds the place of a line that is not the one expected from the order.
        private void place(Line line) {
            long found = find(line, place);
            if (found < 0) {
                int expected = next.getOrDefault(line.author(), 0);
                if (line.number() < expected) {
                    findings.add(Kind.DOUBLED, "%s heard %s again".formatted(this, line));
                    return;
                }
                checkNothingSkipped(told(), line);
                if (line.number() > expected) {
                    lost(line.number() - expected, line);
                }
                for (int number = expected; number <= line.number(); number++) {
                    append(new Line(line.author(), number));
                }
                found = told() - 1;
            } else {
                checkNothingSkipped(found, line);
            }
            advance(found);
        }

        /// A member must hear all that was told since what it heard last; of what was told before
        /// it heard anything, what came after its own first line.
        private void checkNothingSkipped(long end, Line line) {
            long from = hasHeard ? place : find(new Line(author, 0), place);
            if (from >= 0 && from < end) {
                lost(end - from, line);
            }
        }

        private void lost(long count, Line line) {
            findings.add(
                    Kind.LOST, count, "%s did not hear %d before %s".formatted(this, count, line));
        }

        private void advance(long found) {
            bytesHeard = at(found).bytesUpTo();
            place = found + 1;
            hasHeard = true;
        }

        /// Returns whether it has not heard so much that the room may cut it off.
        boolean isFarBehind() {
            return bytesTold - bytesHeard >= BACKLOG_BYTES || told() - place >= BACKLOG_LINES;
        }

        /// Returns whether anybody has heard this line of its own.
        boolean hasTold(Line own) {
            return next.getOrDefault(author, 0) > own.number();
        }

        /// Says that from now on its connection may end at any time.
        void excuse(String why) {
            excuse = why;
        }

        /// It heard its own last line, and left.
        void left() {
            present.remove(this);
        }

        /// Its connection ended before it could leave.
        void ended(String why) {
            present.remove(this);
            if (excuse == null) {
                unexplained.add(new Unexplained(this, why));
            }
        }

        /// It heard nothing for too long, or nobody heard its last line.
        void unheard(String why) {
            present.remove(this);
            if (excuse == null) {
                findings.add(
                        Kind.UNHEARD,
                        "%s %s, %d bytes in %d lines behind"
                                .formatted(this, why, bytesTold - bytesHeard, told() - place));
            }
        }

        @Override
        public String toString() {
            return "member " + author;
        }
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
