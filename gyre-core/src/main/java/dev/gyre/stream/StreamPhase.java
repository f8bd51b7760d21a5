package dev.gyre.stream;

/// How much of a stream's connection is left.
///
/// ```text
/// phase           writes              reads give            goes on to
/// OPEN            are sent            what comes            LINGERING by closeAfterFlush;
///                                                           OUTPUT_FAILED when the transport
///                                                           refuses a write; else CLOSED
/// LINGERING       from before are     nothing: what comes   CLOSED when all is sent and the peer
///                 sent, others fail   is thrown away        has ended, when a write fails, or
///                                                           when the stream is closed
/// OUTPUT_FAILED   fail                what had come         CLOSED when all of it is taken in, or
///                                     before that           when the stream is closed
/// CLOSED          fail                what was taken in,
///                                     then the end
/// ```
///
/// OUTPUT_FAILED is for the last words of a peer that answers and leaves without having heard us
/// out: the reset which fails our writes follows its answer. What had come is taken in, also if
/// nobody reads, up to the limit of the read buffer; beyond that it waits for the reader, as
/// always, and the poller is asked for nothing, since a broken connection is always ready. Then the
/// stream closes, for the reason that the writes were told: a kernel tells it once, and what a read
/// meets after that looks like an orderly end.
///
/// There is nothing to be taken in, and the stream closes at once, if the input has ended before,
/// or the stream is LINGERING.
enum StreamPhase {
    OPEN,
    LINGERING,
    OUTPUT_FAILED,
    CLOSED
}
