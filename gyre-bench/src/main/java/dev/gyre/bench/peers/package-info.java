/// What Gyre is measured against: the same small servers, on the JDK alone and on other libraries.
///
/// Each is a program that serves one [dev.gyre.bench.peers.Service] on a free port of the loopback
/// interface with one event-loop thread, and says on standard output where. Each is written as its
/// library wants it and configured as well as its documentation tells how. The sources of peers in
/// other languages are resources of this package. What measures them is in
/// `dev.gyre.bench.process`.
@NullMarked
package dev.gyre.bench.peers;

import org.jspecify.annotations.NullMarked;
