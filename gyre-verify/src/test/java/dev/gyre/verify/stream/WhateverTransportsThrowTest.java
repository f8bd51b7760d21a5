package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.LoopExtension;
import dev.gyre.testing.TestLoop;
import dev.gyre.verify.loop.Thrown;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A transport may be the user's. Whatever it throws ends its stream, tells everybody who waits,
/// and does nothing else.
@Timeout(GyreTest.SECONDS_MAX)
@ExtendWith(LoopExtension.class)
class WhateverTransportsThrowTest {

    private static final String APPLICATION = "dev.gyre.application";

    static Stream<Arguments> everyCall() {
        return Stream.of(ThrowingTransport.Call.values())
                .filter(call -> call != ThrowingTransport.Call.NONE)
                .flatMap(call ->
                        Stream.of(Thrown.values()).map(thrown -> Arguments.of(call, thrown)));
    }

    @ParameterizedTest
    @MethodSource("everyCall")
    void whatATransportThrowsEndsItsStreamAndNothingElse(
            ThrowingTransport.Call call, Thrown thrown, TestLoop test, ExpectLog log) {
        if (thrown != Thrown.IO_EXCEPTION) {
            log.expect(APPLICATION, Level.ERROR, "transport of IOStream");
        }
        List<StreamClosedException> ends = new ArrayList<>();
        ThrowingTransport transport = new ThrowingTransport(test.loop(), call, thrown);
        IOStream stream = new IOStream(test.loop(), transport);
        stream.onClose(ends::add);
        test.loop()
                .addCallback(() -> {
                    LoopFuture<byte[]> read = stream.readBytes(10);
                    read.observe();
                    stream.write("x");
                    if (call == ThrowingTransport.Call.SHUTDOWN_OUTPUT) {
                        stream.shutdownOutput();
                    } else if (call == ThrowingTransport.Call.CLOSE) {
                        stream.close();
                    }
                });

        test.runUntilIdle();

        assertThat(stream.isOpen()).isFalse();
        assertThat(ends).hasSize(1);
        assertThat(transport.isClosed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aStreamOfATransportWithoutAnAddressHasAName(Thrown thrown, TestLoop test) {
        ThrowingTransport transport =
                new ThrowingTransport(test.loop(), ThrowingTransport.Call.NONE, thrown);
        IOStream stream = new IOStream(test.loop(), transport.withoutAddress());

        assertThat(stream).hasToString("IOStream[address unknown]");
        stream.close();
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatThrowsFailsItsWriteAndEndsTheStream(Thrown thrown, TestLoop test) {
        ThrowingTransport transport =
                new ThrowingTransport(test.loop(), ThrowingTransport.Call.NONE, thrown);
        IOStream stream = new IOStream(test.loop(), transport);
        LoopFuture<Void> sent = stream.sendFile(new BrokenFile(thrown), 0, 10);

        test.runUntilIdle();

        assertThat(sent.exceptionNow()).hasMessageContaining("cannot be read");
        assertThat(stream.isOpen()).isFalse();
    }
}
