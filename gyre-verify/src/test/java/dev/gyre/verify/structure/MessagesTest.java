package dev.gyre.verify.structure;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/// What messages tell of is written in one form, whoever writes them.
class MessagesTest {

    @Test
    void addressesAreWrittenInOnePlace() {
        classes()
                .that(not(name("dev.gyre.loop.AddressText")))
                .should(
                        Accesses.notInclude(
                                "write addresses in a form of their own",
                                access ->
                                        access.getTargetOwner().isAssignableTo(InetAddress.class)
                                                && access.getTarget()
                                                        .getName()
                                                        .equals("getHostAddress")))
                .because("Logs.text has the form of addresses")
                .check(Imported.SHIPPED);
    }
}
