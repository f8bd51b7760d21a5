package dev.gyre.stream;

import javax.net.ssl.SSLEngine;

/// Which sides of a TLS connection have said their end, as its engine tells it.
///
/// ```text
/// ends     the stream reads           the stream writes
/// NEITHER  what comes                 and it is sent
/// PEER     what came before, then     and it is sent, as in TLS 1.3 (RFC 8446, section 6.1),
///          the end                    unless the engine answers by its own end, as in TLS 1.2
///                                     (RFC 5246, section 7.2.1): that makes it BOTH
/// OWN      what comes                 no more
/// BOTH     what came before, then     no more
///          the end
/// ```
///
/// The engine goes from one to the next, by a `close_notify` or another alert that it opens or
/// makes, and no pair of these is illegal; it is only asked.
enum TlsTransportEnds {
    NEITHER,
    PEER,
    OWN,
    BOTH;

    /// Asks an engine, which takes its lock.
    static TlsTransportEnds of(SSLEngine engine) {
        if (engine.isInboundDone()) {
            return engine.isOutboundDone() ? BOTH : PEER;
        }
        return engine.isOutboundDone() ? OWN : NEITHER;
    }

    /// Returns whether the peer has said its end.
    boolean hasPeers() {
        return this == PEER || this == BOTH;
    }

    /// Returns whether the engine has said its own end.
    boolean hasOwn() {
        return this == OWN || this == BOTH;
    }
}
