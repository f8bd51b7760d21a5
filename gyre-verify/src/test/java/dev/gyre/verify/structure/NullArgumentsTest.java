package dev.gyre.verify.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopPromise;
import dev.gyre.loop.Task;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.TlsOptions;
import dev.gyre.sync.LoopLock;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.TestLoop;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.lang.reflect.TypeVariable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Null where it is not allowed is refused at once, by an exception that has the parameter's name.
class NullArgumentsTest {

    /// What is refused for another reason before, in the state in which it is called here: a loop
    /// that runs, a task whose body gives the outcome, options of a client.
    private static final Set<String> REFUSED_ANYWAY =
            Set.of("IOLoop.runSync", "Task.fail", "Task.failWith", "Listeners.bind");

    /// What the JVM says of a parameter whose own method dereferences it, and not of one that was
    /// handed on to the JDK.
    private static final Pattern NAMED_BY_THE_JVM =
            Pattern.compile(".* because \"(?!coll\\b|map\\b|arr\\b)\\w+\" is null");

    private final Set<String> bad = new TreeSet<>();
    private final List<Object> receivers = new ArrayList<>();
    private int calls;

    @GyreTest
    void nullIsRefusedByTheNameOfTheParameter(TestLoop test) {
        IOLoop loop = test.loop();
        MemoryTransport.Pair pair = MemoryTransport.pair();
        IOStream stream = new IOStream(loop, pair.near());
        loop.spawn(
                        "caller",
                        () -> {
                            receivers.addAll(
                                    List.of(
                                            loop,
                                            new LoopFuture<>(loop),
                                            Task.current(),
                                            new LoopPromise<>(loop, "promise"),
                                            new TcpServer(_ -> {}),
                                            stream,
                                            StreamOptions.defaults(),
                                            TlsOptions.client(),
                                            new LoopLock(loop)));
                            Imported.SHIPPED.stream()
                                    .filter(type ->
                                            !type.getPackageName().startsWith("dev.gyre.testing"))
                                    .map(JavaClass::reflect)
                                    .filter(type -> isPublic(type) && type != Logs.class)
                                    .forEach(this::check);
                        })
                .observe();
        test.runUntilIdle();
        stream.close();
        pair.far().close();

        assertThat(calls).isGreaterThan(100);
        assertThat(bad).isEmpty();
    }

    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
    }

    private void check(Class<?> type) {
        Stream<Executable> members =
                Stream.concat(
                        Arrays.stream(type.getConstructors()),
                        Arrays.stream(type.getDeclaredMethods())
                                .filter(each -> Modifier.isPublic(each.getModifiers()))
                                .filter(each -> !each.isSynthetic() && !type.isRecord()));
        members.filter(each -> !each.getName().equals("equals")).forEach(this::check);
    }

    private void check(Executable member) {
        Object receiver = null;
        if (member instanceof Method && !Modifier.isStatic(member.getModifiers())) {
            Class<?> type = member.getDeclaringClass();
            receiver = receivers.stream().filter(type::isInstance).findFirst().orElse(null);
            if (receiver == null) {
                return;
            }
        }
        Parameter[] parameters = member.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            if (!mayBeNull(parameters[i])) {
                check(member, receiver, i);
            }
        }
    }

    private static boolean mayBeNull(Parameter parameter) {
        return parameter.getType().isPrimitive()
                || parameter.getAnnotatedType().isAnnotationPresent(Nullable.class)
                || parameter.getParameterizedType() instanceof TypeVariable;
    }

    private void check(Executable member, @Nullable Object receiver, int which) {
        String name =
                member instanceof Method
                        ? member.getDeclaringClass().getSimpleName() + "." + member.getName()
                        : member.getDeclaringClass().getSimpleName();
        if (REFUSED_ANYWAY.contains(name)) {
            return;
        }
        Object[] arguments =
                Arrays.stream(member.getParameterTypes()).map(this::argument).toArray();
        arguments[which] = null;
        calls++;
        String call = name + Arrays.toString(member.getParameterTypes()) + ", argument " + which;
        try {
            if (member instanceof Method method) {
                method.invoke(receiver, arguments);
            } else {
                ((Constructor<?>) member).newInstance(arguments);
            }
            bad.add(call + ": taken");
        } catch (InvocationTargetException e) {
            Throwable refusal = e.getCause();
            if (!(refusal instanceof NullPointerException) || !isNamed(refusal.getMessage())) {
                bad.add(call + ": " + refusal);
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(call, e);
        }
    }

    private static boolean isNamed(@Nullable String message) {
        return message != null
                && (!message.startsWith("Cannot ") || NAMED_BY_THE_JVM.matcher(message).matches());
    }

    /// Returns an argument that is no reason to refuse a call.
    private @Nullable Object argument(Class<?> type) {
        List<Object> known =
                List.of(
                        1,
                        1L,
                        1.0,
                        true,
                        "x",
                        Duration.ofSeconds(1),
                        new byte[1],
                        ByteBuffer.allocate(1),
                        Path.of("none"),
                        List.of(),
                        InetAddress.getLoopbackAddress(),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                        StreamOptions.defaults());
        Class<?> boxed = MethodType.methodType(type).wrap().returnType();
        Optional<Object> fitting =
                Stream.concat(known.stream(), receivers.stream())
                        .filter(each -> boxed.isInstance(each))
                        .findFirst();
        if (fitting.isPresent()) {
            return fitting.get();
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        }
        return type.isInterface()
                ? Proxy.newProxyInstance(
                        type.getClassLoader(), new Class<?>[] {type}, (_, _, _) -> null)
                : null;
    }
}
