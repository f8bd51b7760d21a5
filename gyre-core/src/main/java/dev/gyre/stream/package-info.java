/// Streams of bytes with the verbs of a protocol: `readUntil`, `readBytes`, `write`, `drain`.
///
/// Start at [dev.gyre.stream.IOStream]. What carries the bytes is a [dev.gyre.stream.Transport].
/// Nothing that listens, connects or looks up names belongs here: that is `dev.gyre.net`.
package dev.gyre.stream;
