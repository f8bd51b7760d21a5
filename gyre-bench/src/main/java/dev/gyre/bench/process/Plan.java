package dev.gyre.bench.process;

import java.nio.file.Path;
import java.time.Duration;

/// How long and how often to measure.
///
/// @param rounds how many processes of each subject are measured
/// @param warmUp how much CPU time each process uses before it counts
/// @param window how long it is measured
/// @param keyStore the PKCS #12 file with the certificate of TLS servers
record Plan(int rounds, Duration warmUp, Duration window, Path keyStore) {}
