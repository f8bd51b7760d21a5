package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ListenAddressTest {

    @Test
    void noHostStandsForAllInterfaces() throws Exception {
        var address = ListenAddress.resolve(null, 80);

        assertThat(address.getAddress().isAnyLocalAddress()).isTrue();
        assertThat(address.getPort()).isEqualTo(80);
    }

    @Test
    void localhostIsTheIpv4LoopbackAddress() throws Exception {
        var address = ListenAddress.resolve("localhost", 80);

        assertThat(address.getAddress()).isInstanceOf(Inet4Address.class);
        assertThat(address.getAddress().isLoopbackAddress()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"::1, [::1]:80", "[::1], [::1]:80", "127.0.0.9, 127.0.0.9:80"})
    void numericAddressesAreTakenAsTheyAre(String host, String expected) throws Exception {
        assertThat(HostPort.text(ListenAddress.resolve(host, 80))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[", "nowhere.invalid"})
    void whatDoesNotResolveIsRefused(String host) {
        assertThatThrownBy(() -> ListenAddress.resolve(host, 80))
                .isInstanceOf(UnknownHostException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Address already in use          | 127.0.0.1:80 is in use; choose another port
                    Permission denied               | no permission to listen on port 80; choose one
                    Cannot assign requested address | 127.0.0.1 is not an address of this machine
                    Can't assign requested address  | 127.0.0.1 is not an address of this machine
                    Adresse wird benutzt            | cannot listen on 127.0.0.1:80: Adresse wird
                    """)
    void tellsWhyAnAddressCannotBeBound(String reason, String words) {
        var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 80);

        assertThat(ListenAddress.refusal(address, new BindException(reason))).startsWith(words);
    }
}
