/// `./gyre bench`: what a server costs, process against process.
///
/// Start at [dev.gyre.bench.process.ProcessBench], the command line. A
/// [dev.gyre.bench.process.Scenario] is what clients do, a [dev.gyre.bench.process.Subject] is a
/// server that they do it to, and a [dev.gyre.bench.process.Sample] is what one process cost. The
/// servers themselves are in `dev.gyre.bench.peers`, or are demos. All of this runs on one thread;
/// only what drains the output of servers has threads of its own.
@NullMarked
package dev.gyre.bench.process;

import org.jspecify.annotations.NullMarked;
