package dev.gyre.stream;

import dev.gyre.loop.Logs;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Which certificate of a PKCS #12 file a side shows: the choice is the JDK's. Any thread: it asks
/// in the tasks of its engines.
///
/// The file is looked at whenever a handshake needs a certificate, and read again when it has
/// changed. If what is there then is no good, the certificates before stay in use.
final class KeyStoreKeys extends EngineKeys {

    /// How many generations are kept: handshakes that chose a certificate before the file was read
    /// again still ask for its key.
    private static final int GENERATIONS = 4;

    /// What was read last, and how often something was read.
    private record Loaded(CredentialFile file, X509ExtendedKeyManager keys, int generation) {}

    private final Newest<Loaded> newest;

    /// The keys of the last generations, by the number of the generation.
    private final Map<Integer, X509ExtendedKeyManager> known = new ConcurrentHashMap<>();

    /// The password of the file, kept to read it again.
    private final char[] password;

    KeyStoreKeys(CredentialFile file, char[] password) {
        this.password = password.clone();
        Loaded first = new Loaded(file, Pkcs12.keys(file, this.password), 0);
        this.newest = new Newest<>(first);
        known.put(0, first.keys());
    }

    private Loaded fresh() {
        return newest.replace(this::looked);
    }

    private Loaded looked(Loaded before) {
        CredentialFile file = before.file().again();
        Loaded kept = new Loaded(file, before.keys(), before.generation());
        if (file.isLike(before.file())) {
            return kept;
        }
        try {
            Loaded after = new Loaded(file, Pkcs12.keys(file, password), before.generation() + 1);
            known.put(after.generation(), after.keys());
            known.remove(after.generation() - GENERATIONS);
            Logs.GENERAL.log(Level.INFO, "the key store " + file + " was read again");
            return after;
        } catch (Throwable e) {
            Logs.GENERAL.log(
                    Level.ERROR, "the certificate before stays in use: " + Logs.message(e), e);
            return kept;
        }
    }

    /// Returns an alias in the file, behind the number of the generation that has it.
    private static @Nullable String alias(Loaded loaded, @Nullable String chosen) {
        return chosen == null ? null : loaded.generation() + " " + chosen;
    }

    private @Nullable X509ExtendedKeyManager keys(String alias) {
        return known.get(Integer.valueOf(alias.substring(0, alias.indexOf(' '))));
    }

    private static String chosen(String alias) {
        return alias.substring(alias.indexOf(' ') + 1);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        Loaded loaded = fresh();
        return alias(loaded, loaded.keys().chooseEngineServerAlias(keyType, issuers, engine));
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        Loaded loaded = fresh();
        return alias(loaded, loaded.keys().chooseEngineClientAlias(keyTypes, issuers, engine));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        X509ExtendedKeyManager keys = keys(alias);
        return keys == null ? null : keys.getCertificateChain(chosen(alias));
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        X509ExtendedKeyManager keys = keys(alias);
        return keys == null ? null : keys.getPrivateKey(chosen(alias));
    }
}
