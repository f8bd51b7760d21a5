/// Stress tests of what several threads may do to a loop at once, for jcstress.
///
/// Each class is one race: two actors, an arbiter that looks at the result afterwards, and the list
/// of results that are allowed, with the reason for those that are not. [StressRun] runs them all.
/// What needs no second thread is tested in the suites, not here.
///
/// `./mvnw verify` runs them in their quickest mode, about three seconds each; `./mvnw verify
/// -Pstress` for half an hour in all, in every kind of JVM; `-Dgyre.stress.races=Close.*` only
/// those whose name fits, `-Dgyre.stress=off` none. The results are in
/// `gyre-verify/target/jcstress`.
package dev.gyre.verify.stress;
