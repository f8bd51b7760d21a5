package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.net.Addresses;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What passes for a numeric address.
class AddressesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "4.4.4.4",
                "255.255.255.255",
                "0.0.0.0",
                "::1",
                "::",
                "2620:0:1cfe:face:b00c::3",
                "::ffff:1.2.3.4"
            })
    void numericAddressesDo(String text) {
        assertThat(Addresses.isIpLiteral(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "www.google.com",
                "4.4.4.4<",
                " 127.0.0.1",
                "127.0.0.1 ",
                "127.0.0.1\n",
                "\n",
                "\0",
                "127.0.0.1\0",
                "127.1",
                "1",
                "1.2.3.256",
                "1.2.3.4.",
                "01.2.3.4",
                "0x7f.0.0.1",
                "[::1]",
                ":",
                ":::",
                "::1 ",
                "1::2::3",
                "::g",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void namesAndAlmostAddressesDoNot(String text) {
        assertThat(Addresses.isIpLiteral(text)).isFalse();
    }
}
