package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A certificate that trusts itself and its key, as PEM files made for the occasion: those in a
/// repository would run out some day.
///
/// @param certificate the certificate
/// @param key its key
public record PemFiles(Path certificate, Path key) {

    private static final String PASSWORD = "changeit";

    /// Makes a certificate for host names, the first of which names the files.
    public static PemFiles make(Path folder, String algorithm, String... hosts) {
        try {
            return made(folder, algorithm, List.of(hosts));
        } catch (Exception e) {
            throw new AssertionError("no certificate could be made", e);
        }
    }

    private static PemFiles made(Path folder, String algorithm, List<String> hosts)
            throws Exception {
        String host = hosts.getFirst();
        Path store = folder.resolve(host + "." + System.identityHashCode(hosts) + ".p12");
        makeStore(store, algorithm, hosts);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            keys.load(file, PASSWORD.toCharArray());
        }
        PemFiles files = new PemFiles(folder.resolve(host + ".pem"), folder.resolve(host + ".key"));
        write(files.certificate(), "CERTIFICATE", keys.getCertificate("own").getEncoded());
        byte[] key = keys.getKey("own", PASSWORD.toCharArray()).getEncoded();
        write(files.key(), "PRIVATE KEY", key);
        return files;
    }

    private static void makeStore(Path store, String algorithm, List<String> hosts)
            throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", "own", "-keyalg", algorithm));
        command.addAll(List.of("-dname", "CN=" + hosts.getFirst()));
        command.addAll(List.of("-ext", "SAN=dns:" + String.join(",dns:", hosts)));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", store.toString()));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
    }

    private static void write(Path file, String label, byte[] der) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                file, "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, text));
    }
}
