package dev.gyre.stream;

import dev.gyre.loop.Logs;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Which certificate a side shows. Any thread: the JDK asks in the tasks of its engines.
///
/// A server with several shows the one for the name that the client asks for, or else the first.
/// The files are looked at whenever a handshake needs one of them, and read again when they have
/// changed. If what is there then is no good, the one before stays in use.
final class Credentials extends EngineKeys {

    /// How many generations of a certificate are kept: handshakes that chose one before it was read
    /// again still ask for its key.
    private static final int GENERATIONS = 4;

    /// What was read last of each, and how often it was read.
    private record Loaded(Credential credential, int generation) {}

    private final Map<Integer, Loaded> newest = new ConcurrentHashMap<>();

    /// By alias: the number of the credential and its generation.
    private final Map<String, Credential> known = new ConcurrentHashMap<>();

    Credentials(List<Credential> credentials) {
        for (int number = 0; number < credentials.size(); number++) {
            Loaded loaded = new Loaded(credentials.get(number), 0);
            newest.put(number, loaded);
            known.put(alias(number, 0), loaded.credential());
        }
    }

    private static String alias(int number, int generation) {
        return number + "." + generation;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        String host = requestedHost(engine.getHandshakeSession());
        boolean isKnown =
                newest.values().stream().anyMatch(loaded -> loaded.credential().isFor(host));
        for (int number = 0; number < newest.size(); number++) {
            Loaded loaded = newest.get(number);
            if (loaded != null
                    && loaded.credential().hasType(keyType)
                    && (!isKnown || loaded.credential().isFor(host))) {
                return fresh(number);
            }
        }
        return null;
    }

    private static String requestedHost(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName().toLowerCase(Locale.ROOT);
                }
            }
        }
        return "";
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        for (String keyType : keyTypes) {
            Loaded loaded = newest.get(0);
            if (loaded != null && loaded.credential().hasType(keyType)) {
                return fresh(0);
            }
        }
        return null;
    }

    /// Returns the alias of the credential as its files are now.
    private String fresh(int number) {
        Loaded loaded = newest.computeIfPresent(number, this::looked);
        return alias(number, loaded == null ? 0 : loaded.generation());
    }

    private Loaded looked(int number, Loaded before) {
        Credential old = before.credential();
        CredentialFile chain = old.chainFile().again();
        CredentialFile key = old.keyFile().again();
        Loaded kept = new Loaded(old.with(chain, key), before.generation());
        if (chain.isLike(old.chainFile()) && key.isLike(old.keyFile())) {
            return kept;
        }
        try {
            Credential read = Credential.of(old.name(), chain, key);
            int generation = before.generation() + 1;
            known.put(alias(number, generation), read);
            known.remove(alias(number, generation - GENERATIONS));
            Logs.GENERAL.log(Level.INFO, "the certificate in " + chain + " was read again");
            return new Loaded(read, generation);
        } catch (Throwable e) {
            Logs.GENERAL.log(
                    Level.ERROR, "the certificate before stays in use: " + Logs.message(e), e);
            return kept;
        }
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Credential credential = known.get(alias);
        return credential == null ? null : credential.chainArray();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Credential credential = known.get(alias);
        return credential == null ? null : credential.key();
    }
}
