package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// A certificate that trusts itself and its key, as PEM files made for the occasion: those in a
/// repository would run out some day.
///
/// @param certificate the certificate
/// @param key its key
public record PemFiles(Path certificate, Path key) {

    private static final String PASSWORD = "changeit";

    /// Signed by the authority next to it, and run out yesterday.
    private static final List<String> PAST =
            List.of("-signer", "authority", "-startdate", "-3d", "-validity", "2");

    /// What was made already in this process, by algorithm and hosts: to make one takes a process
    /// of its own.
    private static final Map<List<String>, KeyStore> MADE = new ConcurrentHashMap<>();

    /// Writes the certificate of this process for host names, the first of which names the files.
    public static PemFiles make(Path folder, String algorithm, String... hosts) {
        List<String> about = new ArrayList<>(List.of(hosts));
        about.addFirst(algorithm);
        KeyStore keys = MADE.computeIfAbsent(about, key -> made(folder, algorithm, List.of(hosts)));
        return exported(keys, folder, hosts[0]);
    }

    /// Makes another certificate for the same host names.
    public static PemFiles makeAnother(Path folder, String algorithm, String... hosts) {
        return exported(made(folder, algorithm, List.of(hosts)), folder, hosts[0]);
    }

    private static PemFiles exported(KeyStore keys, Path folder, String host) {
        try {
            return export(keys, folder, host);
        } catch (Exception e) {
            throw new AssertionError("no certificate could be written", e);
        }
    }

    /// Makes a certificate that has run out, signed by an authority that has not.
    ///
    /// @param authority where to write the certificate of the authority
    public static PemFiles makeExpired(Path folder, Path authority, String host) {
        Path store = folder.resolve("expired.p12");
        try {
            makePair(store, "authority", args(keys("EC"), "-dname", "CN=A", "-ext", "bc:c"));
            List<String> signed = args(keys("EC"), "-dname", "CN=" + host);
            makePair(store, "own", args(signed, PAST.toArray(String[]::new)));
            KeyStore keys = load(store);
            write(authority, "CERTIFICATE", keys.getCertificate("authority").getEncoded());
            return export(keys, folder, host);
        } catch (Exception e) {
            throw new AssertionError("no certificate could be made", e);
        }
    }

    /// Returns both in a key store.
    public KeyStore keyStore(char[] password) throws Exception {
        Certificate own;
        try (InputStream in = Files.newInputStream(certificate)) {
            own = CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        String base64 = Files.readString(key).replaceAll("-----.*-----", "");
        byte[] der = Base64.getMimeDecoder().decode(base64);
        PrivateKey secret =
                KeyFactory.getInstance(own.getPublicKey().getAlgorithm())
                        .generatePrivate(new PKCS8EncodedKeySpec(der));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", secret, password, new Certificate[] {own});
        return store;
    }

    private static KeyStore made(Path folder, String algorithm, List<String> hosts) {
        String host = hosts.getFirst();
        Path store = folder.resolve(host + "." + System.identityHashCode(hosts) + ".p12");
        String names = "SAN=dns:" + String.join(",dns:", hosts);
        try {
            makePair(store, "own", args(keys(algorithm), "-dname", "CN=" + host, "-ext", names));
            return load(store);
        } catch (Exception e) {
            throw new AssertionError("no certificate could be made", e);
        }
    }

    private static KeyStore load(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            keys.load(file, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static PemFiles export(KeyStore keys, Path folder, String host) throws Exception {
        PemFiles files = new PemFiles(folder.resolve(host + ".pem"), folder.resolve(host + ".key"));
        write(files.certificate(), "CERTIFICATE", keys.getCertificate("own").getEncoded());
        byte[] key = keys.getKey("own", PASSWORD.toCharArray()).getEncoded();
        write(files.key(), "PRIVATE KEY", key);
        return files;
    }

    /// Returns what kind of keys to make. The JDK would choose a curve for which it has no machine
    /// code, and the suites make thousands of handshakes; to Gyre a curve is all the same.
    private static List<String> keys(String algorithm) {
        List<String> kind = List.of("-keyalg", algorithm);
        return algorithm.equals("EC") ? args(kind, "-groupname", "secp256r1") : kind;
    }

    private static List<String> args(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toList();
    }

    /// Adds a pair of keys and their certificate to a key store.
    private static void makePair(Path store, String alias, List<String> about) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", alias));
        command.addAll(about);
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
