package dev.gyre.stream;

import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/// What a TLS connection does next. Decided from what its engine said last, and from nothing else.
enum TlsTransportMove {

    /// Run the tasks of the engine off the loop.
    RUN_TASKS,

    /// Make a record of the engine's own, and send it.
    SEAL,

    /// Open a record that has come.
    OPEN,

    /// Refuse the peer, which asks for a second handshake.
    REFUSE,

    /// Nothing: the handshake is over, or the input is.
    REST;

    /// Decides during the handshake.
    static TlsTransportMove duringHandshake(HandshakeStatus status) {
        return switch (status) {
            case NEED_TASK -> RUN_TASKS;
            case NEED_WRAP -> SEAL;
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> OPEN;
            case FINISHED, NOT_HANDSHAKING -> REST;
        };
    }

    /// What an engine may say of its own accord once the handshake is over.
    enum Own {
        /// Nothing: with TLS 1.2 it would be a second handshake on the old connection, a costly
        /// thing that any peer could ask for again and again.
        NOTHING,
        /// With TLS 1.3 a ticket or the answer to an update of keys, and always the end.
        ALLOWED,
        /// It has said its end, and what it still wants to say is lost.
        OVER
    }

    /// Decides after the handshake.
    static TlsTransportMove afterHandshake(HandshakeStatus status, Own own) {
        return switch (status) {
            case NEED_TASK -> own == Own.NOTHING ? REFUSE : RUN_TASKS;
            case NEED_WRAP ->
                    switch (own) {
                        case NOTHING -> REFUSE;
                        case ALLOWED -> SEAL;
                        case OVER -> OPEN;
                    };
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN, FINISHED, NOT_HANDSHAKING -> OPEN;
        };
    }
}
