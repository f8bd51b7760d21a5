package dev.gyre.stream;

import dev.gyre.loop.Logs;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// How a stream uses TLS. Immutable; each `with` method returns a changed copy, and reads the files
/// it is given at once, so that mistakes show when the program starts.
///
/// ```java
/// TlsOptions.server().withCertificate(Path.of("cert.pem"), Path.of("key.pem"));
/// TlsOptions.client().withApplicationProtocols("h2", "http/1.1");
/// ```
///
/// By default TLS 1.3 and 1.2 are spoken; a client trusts the authorities that the JDK trusts, and
/// checks that the certificate is for the host it wanted; a server asks for no certificate.
///
/// The files of a certificate are looked at when a handshake needs it, and read again when their
/// content has changed, however it came there and whatever their time says; connections that exist
/// go on. If the new files are no good, the log `dev.gyre.general` says so, and the old certificate
/// stays in use.
///
/// A server lets clients resume their sessions, which saves most of a handshake. If it asked for a
/// certificate, that is checked anew, by the authorities and the time of then, and where it is no
/// good any more, or the authorities have changed, a full handshake takes place. A client resumes
/// none.
public final class TlsOptions {

    private static final List<String> KNOWN_PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /// How long a name may be: it is told with its length in one byte (RFC 7301, section 3.1).
    private static final int APPLICATION_PROTOCOL_LENGTH_MAX = 255;

    /// Whether a server asks its clients for a certificate.
    private enum ClientCertificate {
        NOT_ASKED,
        WANTED,
        NEEDED
    }

    private final boolean isServer;

    // Each field changes in a fresh copy only, before a `with` method hands the copy out.

    private List<Credential> credentials = List.of();

    /// Who has the certificates that are shown; null if none was given.
    private KeyManager @Nullable [] keyManagers;

    /// Who says which certificates are trusted; null for the JDK.
    private @Nullable Trust trust;

    /// What tells whether certificates have run out.
    private InstantSource clock = InstantSource.system();

    /// What engines are made of; null for a server without a certificate.
    private @Nullable TlsContexts contexts;

    private List<String> applicationProtocols = List.of();
    private List<String> protocols = KNOWN_PROTOCOLS;

    /// The cipher suites to be used; empty for those that the JDK enables.
    private List<String> cipherSuites = List.of();

    /// Whether the context was made elsewhere.
    private boolean hasReadyContext;

    private ClientCertificate clientCertificate = ClientCertificate.NOT_ASKED;
    private boolean checksHostName = true;

    private TlsOptions(boolean isServer) {
        this.isServer = isServer;
    }

    private TlsOptions(TlsOptions original) {
        isServer = original.isServer;
        credentials = original.credentials;
        keyManagers = original.keyManagers;
        trust = original.trust;
        clock = original.clock;
        contexts = original.contexts;
        applicationProtocols = original.applicationProtocols;
        protocols = original.protocols;
        cipherSuites = original.cipherSuites;
        hasReadyContext = original.hasReadyContext;
        clientCertificate = original.clientCertificate;
        checksHostName = original.checksHostName;
    }

    /// Returns the options of a server, which needs a certificate.
    public static TlsOptions server() {
        return new TlsOptions(true);
    }

    /// Returns the options of a client.
    public static TlsOptions client() {
        return new TlsOptions(false).withFreshContext();
    }

    /// Adds a certificate from PEM files: for a server, the one that is shown if no other is for
    /// the name that the client asks for; for a client, the one that is shown if the server asks.
    ///
    /// @param chain the certificate and those between it and the authority, in this order
    /// @param key its key, not encrypted: PKCS #8, or the older forms of RSA and EC
    /// @throws UncheckedIOException if a file cannot be read
    /// @throws IllegalArgumentException if what is in them is broken, or does not belong together
    public TlsOptions withCertificate(Path chain, Path key) {
        Objects.requireNonNull(chain, "chain");
        Objects.requireNonNull(key, "key");
        return withCredential(credential("", chain, key));
    }

    /// Adds a certificate for one name that clients ask for (SNI).
    ///
    /// @param name a host name, or `*.` and the end of one, which stands for one label more
    /// @throws IllegalStateException if these are the options of a client
    public TlsOptions withCertificate(String name, Path chain, Path key) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(chain, "chain");
        Objects.requireNonNull(key, "key");
        if (!isServer) {
            throw new IllegalStateException("a client has no names to choose a certificate by");
        }
        return withCredential(credential(name, chain, key));
    }

    private static Credential credential(String name, Path chain, Path key) {
        return Credential.of(name, CredentialFile.look(chain), CredentialFile.look(key));
    }

    private TlsOptions withCredential(Credential credential) {
        List<Credential> all = new ArrayList<>(credentials);
        all.add(credential);
        TlsOptions changed = new TlsOptions(this);
        changed.credentials = List.copyOf(all);
        changed.keyManagers = new KeyManager[] {new Credentials(changed.credentials)};
        return changed.withFreshContext();
    }

    /// Takes certificates and keys from a PKCS #12 file, in place of PEM files. Like those it is
    /// read again when it has changed, with the same password, of which a copy is kept for that.
    ///
    /// @throws UncheckedIOException if it cannot be read, or the password is wrong
    /// @throws IllegalArgumentException if it is broken, or has no key
    public TlsOptions withKeyStore(Path pkcs12, char[] password) {
        Objects.requireNonNull(pkcs12, "pkcs12");
        Objects.requireNonNull(password, "password");
        TlsOptions changed = new TlsOptions(this);
        KeyStoreKeys keys = new KeyStoreKeys(CredentialFile.look(pkcs12), password);
        changed.keyManagers = new KeyManager[] {keys};
        return changed.withFreshContext();
    }

    /// Replaces the authorities whose certificates are trusted, each within its time. The file is
    /// read again when it has changed, and no session from before is resumed then. What was trusted
    /// before stays trusted if the file is no good.
    ///
    /// @param authorities a PEM file with their certificates
    /// @throws UncheckedIOException if it cannot be read
    /// @throws IllegalArgumentException if it has no certificate, or a broken one
    public TlsOptions withTrust(Path authorities) {
        Objects.requireNonNull(authorities, "authorities");
        TlsOptions changed = new TlsOptions(this);
        changed.trust = Trust.in(authorities, clock);
        return changed.withFreshContext();
    }

    /// Uses a context that is made elsewhere, in place of certificates and authorities. Whom it
    /// trusts, and which sessions it resumes, is its own affair.
    ///
    /// @throws IllegalStateException if some were given
    public TlsOptions withContext(SSLContext ready) {
        if (keyManagers != null || trust != null) {
            throw new IllegalStateException(
                    "a ready context replaces certificates and authorities; give one or the other");
        }
        TlsOptions changed = new TlsOptions(this);
        changed.hasReadyContext = true;
        changed.contexts = TlsContexts.ofReady(Objects.requireNonNull(ready, "context"));
        return changed;
    }

    /// Demands a certificate of each client, to be trusted as [#withTrust] says.
    ///
    /// @throws IllegalStateException if these are the options of a client
    public TlsOptions withClientCertificatesNeeded() {
        return withClientCertificate(ClientCertificate.NEEDED);
    }

    /// Asks each client for a certificate, and takes it without.
    ///
    /// @throws IllegalStateException if these are the options of a client
    public TlsOptions withClientCertificatesWanted() {
        return withClientCertificate(ClientCertificate.WANTED);
    }

    private TlsOptions withClientCertificate(ClientCertificate demand) {
        if (!isServer) {
            throw new IllegalStateException("only a server asks for client certificates");
        }
        TlsOptions changed = new TlsOptions(this);
        changed.clientCertificate = demand;
        // No session is to come from options that ask for less.
        return hasReadyContext ? changed : changed.withFreshContext();
    }

    /// Offers protocols to speak above TLS (ALPN), the best first. What is agreed on is in
    /// [TlsSession#applicationProtocol].
    ///
    /// @throws IllegalArgumentException if a name is empty, or longer than a record can tell
    public TlsOptions withApplicationProtocols(String... names) {
        Objects.requireNonNull(names, "names");
        for (String name : names) {
            if (name.isEmpty() || name.length() > APPLICATION_PROTOCOL_LENGTH_MAX) {
                throw new IllegalArgumentException(
                        "a name of an application protocol has 1 to %d characters: '%s'"
                                .formatted(APPLICATION_PROTOCOL_LENGTH_MAX, name));
            }
        }
        TlsOptions changed = new TlsOptions(this);
        changed.applicationProtocols = List.of(names);
        return changed;
    }

    /// Replaces the versions of TLS that are spoken.
    ///
    /// @param names as in `TLSv1.3`
    /// @throws IllegalArgumentException if one of them is not TLSv1.3 or TLSv1.2, or there is none
    public TlsOptions withProtocols(String... names) {
        Objects.requireNonNull(names, "names");
        if (names.length == 0) {
            throw new IllegalArgumentException(
                    "no version of TLS is left to be spoken; there are " + KNOWN_PROTOCOLS);
        }
        TlsOptions changed = new TlsOptions(this);
        changed.protocols = List.of(names);
        for (String name : names) {
            if (!KNOWN_PROTOCOLS.contains(name)) {
                throw new IllegalArgumentException(
                        "'%s' is not one of the versions of TLS, which are %s"
                                .formatted(name, KNOWN_PROTOCOLS));
            }
        }
        return changed;
    }

    /// Replaces the cipher suites that are offered or accepted, the best first.
    ///
    /// @param names as in `TLS_AES_256_GCM_SHA384`
    /// @throws IllegalArgumentException if the JDK does not know one of them
    /// @throws IllegalStateException if these are the options of a server without a certificate yet
    public TlsOptions withCipherSuites(String... names) {
        Objects.requireNonNull(names, "names");
        List<String> known =
                List.of(
                        contexts()
                                .current()
                                .context()
                                .getSupportedSSLParameters()
                                .getCipherSuites());
        for (String name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "'%s' is not one of the cipher suites, which are %s"
                                .formatted(name, known));
            }
        }
        TlsOptions changed = new TlsOptions(this);
        changed.cipherSuites = List.of(names);
        return changed;
    }

    /// Does not check that the server's certificate is for the host that was wanted; that an
    /// authority has signed it is still checked.
    public TlsOptions withoutHostNameCheck() {
        TlsOptions changed = new TlsOptions(this);
        changed.checksHostName = false;
        return changed;
    }

    private TlsOptions withFreshContext() {
        if (hasReadyContext) {
            throw new IllegalStateException(
                    "certificates and authorities are those of the context that was given");
        }
        if (isServer && keyManagers == null) {
            return this;
        }
        contexts = TlsContexts.of(keyManagers, trust == null ? Trust.ofJdk(clock) : trust);
        return this;
    }

    /// Refuses options of the wrong side, and those of a server without a certificate.
    ///
    /// @throws IllegalStateException if they cannot serve
    public void checkServer() {
        if (!isServer) {
            throw new IllegalStateException(
                    "these are the options of a TLS client; a server needs TlsOptions.server(), and"
                            + " a client the name of its host: startTls(options, host)");
        }
        contexts();
    }

    /// Refuses options of the wrong side.
    ///
    /// @throws IllegalStateException if they are those of a server
    void checkClient() {
        if (isServer) {
            throw new IllegalStateException(
                    "these are the options of a TLS server; a client needs TlsOptions.client()");
        }
    }

    /// Returns what engines are made of.
    ///
    /// @throws IllegalStateException if these are the options of a server without a certificate
    TlsContexts contexts() {
        if (contexts == null) {
            throw new IllegalStateException(
                    "a TLS server needs a certificate; see TlsOptions.withCertificate");
        }
        return contexts;
    }

    /// Returns whether clients show certificates that this library checks.
    boolean checksClients() {
        return clientCertificate != ClientCertificate.NOT_ASKED && !hasReadyContext;
    }

    /// Goes by another clock when it tells whether certificates have run out.
    TlsOptions withClock(InstantSource other) {
        TlsOptions changed = new TlsOptions(this);
        changed.clock = other;
        return changed;
    }

    SSLParameters serverParameters(SSLParameters parameters) {
        switch (clientCertificate) {
            case NEEDED -> parameters.setNeedClientAuth(true);
            case WANTED -> parameters.setWantClientAuth(true);
            case NOT_ASKED -> parameters.setNeedClientAuth(false);
        }
        return withProtocols(parameters);
    }

    SSLParameters clientParameters(SSLParameters parameters, String host) {
        if (checksHostName) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (!isNumeric(host)) {
            parameters.setServerNames(List.of(serverName(host)));
        }
        return withProtocols(parameters);
    }

    private static SNIHostName serverName(String host) {
        try {
            return new SNIHostName(host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'%s' is not a name that a TLS server can have: %s"
                            .formatted(host, Logs.message(e)),
                    e);
        }
    }

    private SSLParameters withProtocols(SSLParameters parameters) {
        parameters.setProtocols(protocols.toArray(String[]::new));
        parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        if (!cipherSuites.isEmpty()) {
            parameters.setCipherSuites(cipherSuites.toArray(String[]::new));
        }
        return parameters;
    }

    private static boolean isNumeric(String host) {
        try {
            InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
