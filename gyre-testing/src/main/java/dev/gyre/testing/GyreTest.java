package dev.gyre.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Marks a JUnit test that gets a loop of its own and must leave it tidy, see [LoopExtension].
///
/// The real time a test may take is generous: it is there so that one that waits for ever is named,
/// not to measure anything.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@Timeout(GyreTest.SECONDS_MAX)
@ExtendWith(LoopExtension.class)
public @interface GyreTest {

    /// The real time, in seconds, after which a test has failed.
    int SECONDS_MAX = 30;
}
