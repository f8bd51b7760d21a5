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

/// Marks a JUnit test that gets a loop of its own and must leave it tidy, see [LoopExtension].
///
/// The real time that a test may take is generous: the limit is there so that a test that waits for
/// ever is named, not to measure anything. Each test runs on a thread of its own, so that a test
/// that cannot be ended (its loop waits for a lock, or spins) fails too, with the stack of where it
/// hangs, and the others go on. With `-Djunit.jupiter.execution.timeout.mode=disabled_on_debug`
/// there is no limit while a debugger is attached.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@Timeout(value = GyreTest.SECONDS_MAX, threadMode = ThreadMode.SEPARATE_THREAD)
@ResourceLock(ExpectLog.RESOURCE)
@ExtendWith(LoopExtension.class)
public @interface GyreTest {

    /// The real time, in seconds, after which a test has failed.
    int SECONDS_MAX = 30;
}
