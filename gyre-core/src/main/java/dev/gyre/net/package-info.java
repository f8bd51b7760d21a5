/// Servers and clients: who listens, who connects, and how names become addresses.
///
/// Start at [dev.gyre.net.TcpServer] and [dev.gyre.net.TcpClient]. What is said on a connection is
/// the affair of [dev.gyre.stream.IOStream]; no protocol belongs here.
package dev.gyre.net;
