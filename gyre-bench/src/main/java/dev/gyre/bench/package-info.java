/// What Gyre costs, in nanoseconds and bytes.
///
/// Start at [dev.gyre.bench.Bench]. Nothing here is a test: no build asserts a time. Benchmarks use
/// the public API alone, as a user would.
@NullMarked
package dev.gyre.bench;

import org.jspecify.annotations.NullMarked;
