package dev.gyre.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.bench.soak.Findings.Kind;
import org.junit.jupiter.api.Test;

/// What members may hear, and what they may not. Member 0 speaks in all of these.
final class RoomTest {

    private final Findings findings = new Findings();
    private final Room room = new Room(findings);
    private final Room.Member ann = room.enter();

    private static void hear(Room.Member member, Line... lines) {
        for (Line line : lines) {
            member.hear(line.text());
        }
    }

    /// The lines that Ann says from `first` to `last`.
    private static Line[] lines(int first, int last) {
        Line[] lines = new Line[last - first + 1];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = line(first + i);
        }
        return lines;
    }

    private static Line line(int number) {
        return new Line(0, number);
    }

    @Test
    void allMayHearTheSame() {
        Room.Member bob = room.enter();

        hear(ann, line(0), line(1));
        hear(bob, line(0), line(1), new Line(1, 0), line(2));
        hear(ann, new Line(1, 0), line(2));

        assertThat(findings.isEmpty()).isTrue();
        assertThat(room.told()).isEqualTo(4);
        assertThat(room.heard()).isEqualTo(8);
    }

    @Test
    void whoEntersLaterHearsWhatIsSaidLater() {
        hear(ann, lines(0, 3));
        Room.Member bob = room.enter();
        hear(ann, lines(4, 9));

        hear(bob, lines(6, 9));

        assertThat(findings.isEmpty()).isTrue();
    }

    @Test
    void aLineThatOthersHeardIsMissed() {
        Room.Member bob = room.enter();
        hear(ann, lines(0, 5));

        hear(bob, line(0), line(1), line(4), line(5));

        assertThat(findings.count(Kind.LOST)).isEqualTo(2);
        assertThat(findings.words()).containsExactly("lost: member 1 did not hear 2 before 0:4");
    }

    @Test
    void whoMissesALineFirstDoesNotSpoilItForTheOthers() {
        Room.Member bob = room.enter();

        hear(bob, line(0), line(2), line(3));
        hear(ann, lines(0, 3));

        assertThat(findings.words()).containsExactly("lost: member 1 did not hear 1 before 0:2");
    }

    @Test
    void aLineThatNobodyHearsIsMissedByAll() {
        Room.Member bob = room.enter();

        hear(bob, line(0), line(2));
        hear(ann, line(0), line(2));

        assertThat(findings.count(Kind.LOST)).isEqualTo(2);
    }

    @Test
    void aLineMissedBeforeSomethingNewIsMissedToo() {
        Room.Member bob = room.enter();
        hear(bob, lines(0, 2));

        hear(ann, line(0), line(1), new Line(1, 0));

        assertThat(findings.words()).containsExactly("lost: member 0 did not hear 1 before 1:0");
    }

    @Test
    void aLineIsHeardOnce() {
        hear(ann, line(0), line(1), line(1));

        assertThat(findings.words()).containsExactly("doubled: member 0 heard 0:1 again");
    }

    @Test
    void whatWasSaidBeforeOneSetOutToEnterIsNotHeard() {
        hear(ann, lines(0, 3));
        Room.Member bob = room.enter();

        hear(bob, line(3));

        assertThat(findings.count(Kind.DOUBLED)).isOne();
    }

    @Test
    void linesAreHeardInTheirOrder() {
        hear(ann, line(0), line(2), line(1));

        assertThat(findings.count(Kind.LOST)).isOne();
        assertThat(findings.count(Kind.DOUBLED)).isOne();
    }

    @Test
    void theOrderIsTheSameForAll() {
        Room.Member bob = room.enter();
        hear(ann, line(0), line(1), new Line(1, 0));

        hear(bob, line(0), new Line(1, 0), line(1));

        assertThat(findings.isEmpty()).isFalse();
    }

    @Test
    void whoEntersHearsAllFromItsOwnFirstLineOn() {
        Room.Member bob = room.enter();
        hear(ann, line(0), new Line(1, 0), line(1), line(2));

        hear(bob, line(2));

        assertThat(findings.words()).containsExactly("lost: member 1 did not hear 2 before 0:2");
    }

    @Test
    void whatIsNoLineIsGarbled() {
        ann.hear(line(0).text() + "?");

        assertThat(findings.count(Kind.GARBLED)).isOne();
    }

    @Test
    void whoIsBrokenOffMayMissTheRest() {
        Room.Member bob = room.enter();
        hear(bob, line(0));
        hear(ann, lines(0, 5));

        bob.excuse("the proxy breaks its connection");
        bob.ended("reset");
        room.pulse().heard();

        assertThat(findings.isEmpty()).isTrue();
        assertThat(room.slow()).isZero();
    }

    @Test
    void whoEndsWithoutAReasonIsFoundAfterTheNextPulse() {
        Room.Member bob = room.enter();
        hear(bob, line(0));

        Room.Pulse begunBefore = room.pulse();
        bob.ended("end of stream");
        begunBefore.heard();
        assertThat(findings.isEmpty()).isTrue();
        room.pulse().heard();

        assertThat(findings.words())
                .singleElement()
                .asString()
                .startsWith("cut off without a reason: member 1, 0 bytes in 0 lines behind: end");
    }

    @Test
    void theRoomMayCutOffWhoIsAWholeBacklogBehind() {
        Room.Member bob = room.enter();
        hear(bob, line(0));
        int last = 0;
        for (int bytes = 0; bytes < Room.BACKLOG_BYTES; bytes += line(last).size()) {
            last++;
        }
        bob.ended("end of stream");
        Room.Pulse pulse = room.pulse();

        hear(ann, lines(0, last));
        pulse.heard();

        assertThat(findings.isEmpty()).isTrue();
        assertThat(room.slow()).isOne();
    }

    @Test
    void oneLineLessIsNoReason() {
        Room.Member bob = room.enter();
        hear(bob, line(0));
        int last = 0;
        for (int bytes = 0; bytes < Room.BACKLOG_BYTES; bytes += line(last).size()) {
            last++;
        }
        bob.ended("end of stream");
        Room.Pulse pulse = room.pulse();

        hear(ann, lines(0, last - 1));
        pulse.heard();

        assertThat(findings.count(Kind.CUT_OFF)).isOne();
    }

    @Test
    void whoWaitsInVainIsTold() {
        ann.unheard("is not heard");

        assertThat(findings.count(Kind.UNHEARD)).isOne();
    }

    @Test
    void whatAllHaveHeardIsForgottenWithoutHarm() {
        Room.Member bob = room.enter();
        hear(ann, lines(0, 99));
        hear(bob, lines(0, 49));
        room.pulse().heard();

        hear(bob, lines(50, 60));
        hear(bob, line(62));
        bob.left();
        room.pulse().heard();
        hear(ann, line(100), line(101));

        assertThat(findings.words()).containsExactly("lost: member 1 did not hear 1 before 0:62");
        assertThat(room.told()).isEqualTo(102);
    }
}
