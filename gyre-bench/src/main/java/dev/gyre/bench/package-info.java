/// What Gyre costs, in nanoseconds and bytes.
///
/// This package has the parts, by JMH: start at [dev.gyre.bench.Bench]. Whole servers are in
/// `dev.gyre.bench.process`, and the chat demo under strain in `dev.gyre.bench.soak`. Nothing here
/// is a test: no build asserts a time. Benchmarks use the public API alone, as a user would.
@NullMarked
package dev.gyre.bench;

import org.jspecify.annotations.NullMarked;
