package dev.gyre.stream;

import java.net.Socket;
import java.security.Principal;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Keys for engines only: what the JDK asks for on behalf of its sockets has no answer.
abstract class EngineKeys extends X509ExtendedKeyManager {

    @Override
    public final String @Nullable [] getClientAliases(
            String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public final String @Nullable [] getServerAliases(
            String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public final @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public final @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
