package dev.gyre.stream;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/// Whether a private key is that of a certificate.
final class KeyPairs {

    private static final byte[] SAMPLE = "gyre".getBytes(StandardCharsets.US_ASCII);

    private KeyPairs() {}

    /// Tries the two out: signs something with one and verifies it with the other.
    static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) {
        try {
            Signature signature = Signature.getInstance(algorithm(privateKey));
            signature.initSign(privateKey);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (Throwable e) {
            // The keys are of different algorithms, mostly, or their numbers are none of a key.
            return false;
        }
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }
}
