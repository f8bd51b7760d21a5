package dev.gyre.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Marks a JUnit test that is run in a [Simulation] over and over, each time with another seed.
///
/// ```java
/// @SimTest(seeds = 200)
/// void noLineIsLost(Simulation simulation) { ... }
/// ```
///
/// The method has a parameter of type [Simulation], and may have one of type [ExpectLog]. After
/// each seed the simulation must come to rest with nothing left, see [Simulation#checkTidy], and no
/// record of level WARNING or above may have been logged that was not expected. The first seed that
/// fails ends the test; its message has the line that runs this seed alone:
///
/// ```
/// -Dgyre.sim.seed=42
/// ```
///
/// `-Dgyre.sim.seeds=2000` runs so many seeds of each test, whatever its annotation says, and
/// `-Dgyre.sim.times=10` ten times as many as its annotation says; `-Dgyre.sim.from=100000` begins
/// at another seed than 0; `-Dgyre.sim.minutes=5` ends each test after that time, and
/// `-Dgyre.sim.progress=true` prints how far the test has come. A value that makes no sense fails
/// the test. All seeds share one instance of the test class: state of one run belongs into the
/// method.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@Timeout(value = SimTest.SECONDS_MAX, threadMode = ThreadMode.SAME_THREAD)
@ResourceLock(ExpectLog.RESOURCE)
@ExtendWith(SimulationExtension.class)
public @interface SimTest {

    /// The real time, in seconds, that all seeds of a test may take together: six hours.
    int SECONDS_MAX = 6 * 3600;

    /// Returns how many seeds are run.
    int seeds() default 20;

    /// Returns the real time, in seconds, that one seed may take: a minute, generous for a run that
    /// takes milliseconds. A seed that does not end in that time has failed, and is reported with
    /// the stack of where it is.
    int seedSecondsMax() default 60;
}
