package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import org.junit.jupiter.api.Test;

final class MechanismTest {

    @Test
    void knowsTheMechanismOfThisProcess() {
        Mechanism mechanism = Mechanism.current();

        assertThat(mechanism.explanation()).isEqualTo(IOLoop.coroutines());
        assertThat(mechanism.kind()).isEqualTo(Mechanism.Kind.CARRIER);
    }

    @Test
    void whereTheFlagIsMissingItIsTheCure() {
        Mechanism baton = new Mechanism("baton (to run them ..., start java with --add-opens=...)");

        assertThat(baton.kind()).isEqualTo(Mechanism.Kind.BATON);
        assertThat(baton.cure())
                .startsWith("start java with --add-opens=java.base/java.lang=ALL-UNNAMED");
    }

    @Test
    void whereTheBatonWasForcedThatIsTheCause() {
        Mechanism baton = new Mechanism("baton (forced by -Ddev.gyre.coroutines=baton)");

        assertThat(baton.kind()).isEqualTo(Mechanism.Kind.BATON);
        assertThat(baton.cure()).isEqualTo("leave out -Ddev.gyre.coroutines=baton");
    }

    @Test
    void whereTheJdkIsUnfitTheDocumentationHasMore() {
        Mechanism baton =
                new Mechanism(
                        "baton (JDK 27 has no class x; see \"A new JDK\" in docs/coroutines.md)");

        assertThat(baton.kind()).isEqualTo(Mechanism.Kind.BATON);
        assertThat(baton.cure()).startsWith("see docs/coroutines.md, section \"A new JDK");
    }
}
