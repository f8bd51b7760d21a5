package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serial;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,            127.0.0.1:80",
        "0.0.0.0,              0.0.0.0:80",
        "::,                   [::]:80",
        "::1,                  [::1]:80",
        "fe80::,               [fe80::]:80",
        // Groups are in small letters, without zeros in front (RFC 5952, 4.1 and 4.3).
        "2001:0DB8::000A,      [2001:db8::a]:80",
        // One group of zeros stays; of runs the longest goes, or the first (4.2.2 and 4.2.3).
        "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:80",
        "1:0:0:2:0:0:0:3,      [1:0:0:2::3]:80",
        "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:80",
        "1:2:3:4:5:6:7:8,      [1:2:3:4:5:6:7:8]:80",
        // The JDK makes IPv4 addresses of IPv4-mapped ones (Inet6Address).
        "::ffff:10.0.0.1,      10.0.0.1:80"
    })
    void numbersAreInTheirShortestForm(String address, String text) {
        SocketAddress resolved = new InetSocketAddress(InetAddress.ofLiteral(address), 80);

        assertThat(Logs.text(resolved)).isEqualTo(text);
    }

    @Test
    void theZoneOfALinkIsPartOfTheAddress() throws Exception {
        byte[] bytes = InetAddress.ofLiteral("fe80::1").getAddress();
        InetAddress onLink = Inet6Address.getByAddress(null, bytes, 7);

        assertThat(Logs.text(new InetSocketAddress(onLink, 80))).isEqualTo("[fe80::1%7]:80");
    }

    @Test
    void anAddressWithoutAPortHasNoBrackets() {
        assertThat(Logs.text(InetAddress.ofLiteral("2001:db8::1"))).isEqualTo("2001:db8::1");
        assertThat(Logs.text(InetAddress.ofLiteral("10.0.0.1"))).isEqualTo("10.0.0.1");
    }

    @Test
    void theNameThatAnAddressWasFoundByIsLeftOut() throws Exception {
        InetAddress named = InetAddress.getByAddress("near.example", new byte[] {10, 0, 0, 7});

        assertThat(Logs.text(new InetSocketAddress(named, 80))).isEqualTo("10.0.0.7:80");
    }

    @ParameterizedTest
    @CsvSource({"nowhere.invalid, nowhere.invalid:80", "::1, [::1]:80"})
    void aHostThatWasNotLookedUpIsWrittenAsItIs(String host, String text) {
        assertThat(Logs.text(InetSocketAddress.createUnresolved(host, 80))).isEqualTo(text);
    }

    @Test
    void aUnixSocketIsItsPath() {
        assertThat(Logs.text(UnixDomainSocketAddress.of("run/app.sock"))).isEqualTo("run/app.sock");
        assertThat(Logs.text(UnixDomainSocketAddress.of(""))).isEqualTo("unnamed");
    }

    @Test
    void anyOtherAddressIsWhatItSaysOfItself() {
        assertThat(Logs.text(new Shelf())).isEqualTo("the third shelf");
    }

    private static final class Shelf extends SocketAddress {

        @Serial private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            return "the third shelf";
        }
    }
}
