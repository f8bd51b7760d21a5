/// The chat demo under strain, for minutes or hours: `./gyre soak`.
///
/// Start at [dev.gyre.bench.soak.Soak]. The server is a process of its own, started as `./gyre demo
/// chat` starts it. The clients ([dev.gyre.bench.soak.Guest], [dev.gyre.bench.soak.Resident]) and
/// the proxy between ([dev.gyre.bench.soak.FaultyProxy]) run on one loop in this process, and what
/// the clients hear is judged by [dev.gyre.bench.soak.Room]. All of it belongs to that loop's
/// thread, except where a class says otherwise.
@NullMarked
package dev.gyre.bench.soak;

import org.jspecify.annotations.NullMarked;
