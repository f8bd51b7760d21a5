/// The demos that `./gyre` starts: classic programs, as short as they can be and still right.
///
/// Start at [dev.gyre.examples.RawEcho], which shows how to use the loop, or at
/// [dev.gyre.examples.Gyre], which is the command line. They use Gyre's public API alone; what a
/// user's program would need as well belongs there and not here.
@NullMarked
package dev.gyre.examples;

import org.jspecify.annotations.NullMarked;
