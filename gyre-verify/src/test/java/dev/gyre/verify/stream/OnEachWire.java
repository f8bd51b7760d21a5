package dev.gyre.verify.stream;

import dev.gyre.testing.GyreTest;
import dev.gyre.testing.LoopExtension;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Marks a test that is run over each [Wire], which is its first parameter, on a loop of its own as
/// in [GyreTest].
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@EnumSource(Wire.class)
@Timeout(GyreTest.SECONDS_MAX)
@ExtendWith(LoopExtension.class)
@interface OnEachWire {}
