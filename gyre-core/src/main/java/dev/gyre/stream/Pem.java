package dev.gyre.stream;

import dev.gyre.loop.Logs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// Certificates and keys in text files (RFC 7468).
final class Pem {

    /// The algorithm identifier of RSA keys (RFC 8017, appendix C), which PKCS #1 leaves out.
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private static final byte[] VERSION_ZERO = {0x02, 0x01, 0x00};

    /// The identifier of EC keys (RFC 5480, section 2.1.1), before that of the curve.
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private static final int DER_INTEGER = 0x02;
    private static final int DER_OCTET_STRING = 0x04;

    /// The first of the fields that may be missing.
    private static final int DER_CONTEXT_ZERO = 0xA0;

    private static final int DER_SEQUENCE = 0x30;

    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    /// The byte order mark of UTF-8, read as ISO 8859-1. Editors put it in front of a file, and so
    /// it is in front of each part of files that were joined.
    private static final String MARK = "\u00EF\u00BB\u00BF";

    /// Encodings that give each character of a PEM file more bytes than one. The longer start is
    /// first where it begins with another.
    private static final List<WideEncoding> WIDE =
            List.of(
                    new WideEncoding("UTF-32", "\u00FF\u00FE\0\0"),
                    new WideEncoding("UTF-32", "\0\0\u00FE\u00FF"),
                    new WideEncoding("UTF-16", "\u00FF\u00FE"),
                    new WideEncoding("UTF-16", "\u00FE\u00FF"),
                    // Without a mark: the hyphens that the first line begins with.
                    new WideEncoding("UTF-16LE", "-\0-\0"),
                    new WideEncoding("UTF-16BE", "\0-\0-"));

    private Pem() {}

    /// An encoding, and what a file that has it begins with, read as ISO 8859-1.
    private record WideEncoding(String name, String start) {}

    /// One block between a BEGIN line and its END line.
    private record Block(String label, int line, String base64) {}

    /// Reads a chain of certificates, in the order of the file.
    ///
    /// @throws UncheckedIOException if the file cannot be read
    /// @throws IllegalArgumentException if it has no certificate, or a broken one
    static List<X509Certificate> certificates(CredentialFile file) {
        List<X509Certificate> chain = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label().equals("CERTIFICATE")) {
                chain.add(certificate(file, block));
            }
        }
        if (chain.isEmpty()) {
            throw missing(file, "certificate", "-----BEGIN CERTIFICATE-----");
        }
        return chain;
    }

    private static X509Certificate certificate(CredentialFile file, Block block) {
        byte[] der = decoded(file, block);
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der));
        } catch (Throwable e) {
            // The JDK trusts lengths in some places, and runs out of an array.
            throw broken(file, block, e);
        }
    }

    /// Reads the first private key.
    ///
    /// @throws UncheckedIOException if the file cannot be read
    /// @throws IllegalArgumentException if it has no key, a broken one, or one that is encrypted
    static PrivateKey privateKey(CredentialFile file) {
        for (Block block : blocks(file)) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return key(file, block, decoded(file, block));
                }
                case "RSA PRIVATE KEY" -> {
                    return key(file, block, wrapped(RSA, decoded(file, block)));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                        throw new IllegalArgumentException(
                                "the key in %s is encrypted; write it in plain, where nobody else"
                                                .formatted(file)
                                        + " may read it: openssl pkey -in "
                                        + file
                                        + " -out key.pem");
                case "EC PRIVATE KEY" -> {
                    byte[] sec1 = decoded(file, block);
                    return key(file, block, wrapped(ecAlgorithm(file, block, sec1), sec1));
                }
                default -> {
                    // A certificate, or parameters that the key has too.
                }
            }
        }
        throw missing(file, "private key", "-----BEGIN PRIVATE KEY-----");
    }

    private static PrivateKey key(CredentialFile file, Block block, byte[] pkcs8) {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        InvalidKeySpecException wrongAlgorithm =
                new InvalidKeySpecException("not a key of RSA, EC or EdDSA");
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                wrongAlgorithm = e;
            } catch (Throwable e) {
                throw broken(file, block, e);
            }
        }
        throw broken(file, block, wrongAlgorithm);
    }

    /// Puts a key of an older form into the envelope of PKCS #8 (RFC 5208, section 5).
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(VERSION_ZERO);
        content.writeBytes(algorithm);
        content.writeBytes(der(DER_OCTET_STRING, key));
        return der(DER_SEQUENCE, content.toByteArray());
    }

    /// Returns the algorithm identifier of an EC key, which names its curve (RFC 5915, section 3).
    private static byte[] ecAlgorithm(CredentialFile file, Block block, byte[] key) {
        try {
            ByteBuffer fields = value(ByteBuffer.wrap(key), DER_SEQUENCE);
            value(fields, DER_INTEGER);
            value(fields, DER_OCTET_STRING);
            ByteBuffer curve = value(fields, DER_CONTEXT_ZERO);
            ByteArrayOutputStream algorithm = new ByteArrayOutputStream();
            algorithm.writeBytes(EC);
            while (curve.hasRemaining()) {
                algorithm.write(curve.get());
            }
            return der(DER_SEQUENCE, algorithm.toByteArray());
        } catch (BufferUnderflowException | InvalidKeySpecException e) {
            throw broken(file, block, e);
        }
    }

    /// Takes the value that comes next, which must have that tag.
    private static ByteBuffer value(ByteBuffer from, int tag) throws InvalidKeySpecException {
        int found = from.get() & 0xFF;
        int length = from.get() & 0xFF;
        if (length > 0x80) {
            int digits = length - 0x80;
            length = 0;
            for (int i = 0; i < digits; i++) {
                length = (length << 8) | (from.get() & 0xFF);
            }
        }
        if (found != tag || length < 0 || length > from.remaining()) {
            throw new InvalidKeySpecException("it does not name its curve");
        }
        ByteBuffer value = from.slice(from.position(), length);
        from.position(from.position() + length);
        return value;
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.write(tag);
        if (content.length < 0x80) {
            der.write(content.length);
        } else {
            // Keys are shorter than 64 KiB.
            der.write(0x82);
            der.write(content.length >> 8);
            der.write(content.length);
        }
        der.writeBytes(content);
        return der.toByteArray();
    }

    private static List<Block> blocks(CredentialFile file) {
        List<Block> blocks = new ArrayList<>();
        String end = "";
        StringBuilder base64 = new StringBuilder();
        int beginLine = 0;
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String text = bare(line);
            if (end.isEmpty() && text.startsWith("-----BEGIN ") && text.endsWith("-----")) {
                end = text.replaceFirst("BEGIN", "END");
                base64.setLength(0);
                beginLine = number;
            } else if (!end.isEmpty() && text.equals(end)) {
                String label = end.substring("-----END ".length(), end.length() - 5);
                blocks.add(new Block(label, beginLine, base64.toString()));
                end = "";
            } else if (text.startsWith("Proc-Type: 4,ENCRYPTED")) {
                throw new IllegalArgumentException(
                        "the key in %s, line %d, is encrypted; write it in plain:"
                                        .formatted(file, number)
                                + " openssl pkey -in "
                                + file);
            } else {
                base64.append(text);
            }
        }
        if (!end.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s ends before the block that begins in line %d: there is no line '%s'"
                            .formatted(file, beginLine, end));
        }
        return blocks;
    }

    /// Returns a line without the marks and blanks in front of it, in whatever order, and the
    /// blanks behind it.
    private static String bare(String line) {
        String text = line.strip();
        while (text.startsWith(MARK)) {
            text = text.substring(MARK.length()).strip();
        }
        return text;
    }

    /// Says that a file has none of what is wanted of it, or has it in a form that is not taken:
    /// what editors do not show may be in its line too.
    private static IllegalArgumentException missing(
            CredentialFile file, String what, String begin) {
        List<String> lines = lines(file);
        int number = 1;
        while (number <= lines.size() && !lines.get(number - 1).contains(begin)) {
            number++;
        }
        String why =
                number > lines.size()
                        ? "there is no line '%s'".formatted(begin)
                        : "in line %d there is more than '%s'".formatted(number, begin);
        return new IllegalArgumentException("%s holds no %s: %s".formatted(file, what, why));
    }

    private static List<String> lines(CredentialFile file) {
        try {
            String text = new String(file.content(), StandardCharsets.ISO_8859_1);
            refuseWideCharacters(file, text);
            return text.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read %s: %s".formatted(file, CredentialFile.reason(e)), e);
        }
    }

    /// Refuses what some editors and shells write, by name: every second byte is zero, so that
    /// lines would be missed which everybody sees.
    private static void refuseWideCharacters(CredentialFile file, String text) {
        for (WideEncoding encoding : WIDE) {
            if (text.startsWith(encoding.start())) {
                throw new IllegalArgumentException(
                        "%1$s is encoded in %2$s; write it in UTF-8: iconv -f %2$s -t UTF-8 %1$s"
                                .formatted(file, encoding.name()));
            }
        }
    }

    private static byte[] decoded(CredentialFile file, Block block) {
        try {
            return Base64.getDecoder().decode(block.base64());
        } catch (IllegalArgumentException e) {
            throw broken(file, block, e);
        }
    }

    private static IllegalArgumentException broken(
            CredentialFile file, Block block, Throwable cause) {
        return new IllegalArgumentException(
                "the %s in %s, line %d, is broken: %s"
                        .formatted(block.label(), file, block.line(), Logs.message(cause)),
                cause);
    }
}
