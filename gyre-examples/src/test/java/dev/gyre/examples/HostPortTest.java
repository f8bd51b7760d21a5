package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostPortTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,            127.0.0.1:80",
        "0.0.0.0,              0.0.0.0:80",
        "::,                   [::]:80",
        "::1,                  [::1]:80",
        "fe80::,               [fe80::]:80",
        "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:80",
        "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:80",
        "1:2:3:4:5:6:7:8,      [1:2:3:4:5:6:7:8]:80",
        "1:0:0:2:0:0:0:3,      [1:0:0:2::3]:80",
    })
    void writesAddressesInTheirShortForm(String address, String expected) throws Exception {
        var socketAddress = new InetSocketAddress(InetAddress.ofLiteral(address), 80);

        assertThat(HostPort.text(socketAddress)).isEqualTo(expected);
    }

    @Test
    void leavesOutTheNameThatAnAddressCameFrom() throws Exception {
        var named = InetAddress.getByAddress("somewhere.example", new byte[] {10, 0, 0, 7});

        assertThat(HostPort.text(new InetSocketAddress(named, 80))).isEqualTo("10.0.0.7:80");
    }

    @Test
    void writesANameThatDidNotResolveAsItIs() {
        var unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 80);

        assertThat(HostPort.text(unresolved)).isEqualTo("nowhere.invalid:80");
    }
}
