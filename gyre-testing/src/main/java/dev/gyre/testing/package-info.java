/// The test kit: a loop that the test's own thread drives, with time that is moved by hand,
/// connections in memory, and a simulated network.
///
/// Start at [dev.gyre.testing.GyreTest], or at [dev.gyre.testing.TestLoop] without JUnit. Only
/// public members of the core are used here, and nothing here is of use outside of tests.
package dev.gyre.testing;
