package dev.gyre.examples;

import dev.gyre.examples.RedisProtocol.ProtocolException;
import dev.gyre.examples.RedisStore.WrongTypeException;
import dev.gyre.loop.IOLoop;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamBufferFullException;
import dev.gyre.stream.UnsatisfiableReadException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A server of the Redis protocol. All clients share one store without a lock: between two
/// suspensions of one of them nobody else runs, and a command has none.
final class Redis {

    private static final String SYNTAX_ERROR = RedisProtocol.error("ERR syntax error");
    private static final String NOT_A_NUMBER =
            RedisProtocol.error("ERR value is not an integer or out of range");

    /// The longest time that a key may live, as Redis counts it in milliseconds.
    private static final long SECONDS_MAX = Long.MAX_VALUE / 1000;

    private final RedisStore store;

    /// Who listens to what is published.
    private final Map<String, Set<Session>> channels = new HashMap<>();

    private Redis(IOLoop loop) {
        this.store = new RedisStore(loop);
    }

    static TcpServer server(IOLoop loop) {
        Redis redis = new Redis(loop);
        return new TcpServer(stream -> redis.new Session(stream).serve());
    }

    /// A client.
    private final class Session {

        private final IOStream stream;
        private final Set<String> subscriptions = new LinkedHashSet<>();

        Session(IOStream stream) {
            this.stream = stream;
        }

        void serve() {
            try {
                boolean goesOn = true;
                while (goesOn) {
                    List<String> words = RedisProtocol.readRequest(stream);
                    goesOn = words.isEmpty() || obey(words);
                    // Held up here if the client sends without reading.
                    stream.drain().await();
                }
            } catch (ProtocolException e) {
                reply(RedisProtocol.error("ERR Protocol error: " + e.getMessage()));
            } catch (UnsatisfiableReadException e) {
                reply(RedisProtocol.error("ERR Protocol error: too big inline request"));
            } finally {
                List.copyOf(subscriptions).forEach(this::leave);
            }
        }

        /// Obeys a command, and returns whether there may be another.
        private boolean obey(List<String> words) {
            String name = words.getFirst().toUpperCase(Locale.ROOT);
            List<String> arguments = words.subList(1, words.size());
            switch (name) {
                case "SUBSCRIBE" -> subscribeAll(arguments);
                case "UNSUBSCRIBE" -> unsubscribe(arguments);
                case "QUIT" -> reply(RedisProtocol.simple("OK"));
                default -> reply(answer(name, arguments));
            }
            return !name.equals("QUIT");
        }

        private void reply(String text) {
            stream.write(RedisProtocol.bytes(text));
        }

        private void subscribeAll(List<String> named) {
            if (named.isEmpty()) {
                reply(wrongCount("SUBSCRIBE"));
            }
            named.forEach(this::subscribe);
        }

        private void subscribe(String channel) {
            subscriptions.add(channel);
            channels.computeIfAbsent(channel, absent -> new LinkedHashSet<>()).add(this);
            confirm("subscribe", channel);
        }

        private void unsubscribe(List<String> named) {
            List<String> all = named.isEmpty() ? List.copyOf(subscriptions) : named;
            for (String channel : all) {
                leave(channel);
                confirm("unsubscribe", channel);
            }
            if (all.isEmpty()) {
                confirm("unsubscribe", null);
            }
        }

        private void confirm(String what, @Nullable String channel) {
            reply(
                    "*3\r\n"
                            + RedisProtocol.bulk(what)
                            + RedisProtocol.bulk(channel)
                            + RedisProtocol.integer(subscriptions.size()));
        }

        private void leave(String channel) {
            subscriptions.remove(channel);
            Set<Session> listeners = channels.get(channel);
            if (listeners != null && listeners.remove(this) && listeners.isEmpty()) {
                channels.remove(channel);
            }
        }

        /// Passes on what was published. Who does not read is cut off, and holds up nobody.
        private void hear(byte[] message) {
            try {
                stream.write(message);
            } catch (StreamBufferFullException e) {
                stream.close();
            }
        }
    }

    private String answer(String name, List<String> arguments) {
        try {
            return isRightCount(name, arguments.size())
                    ? execute(name, arguments)
                    : wrongCount(name);
        } catch (NumberFormatException e) {
            return NOT_A_NUMBER;
        } catch (WrongTypeException e) {
            return RedisProtocol.error(
                    "WRONGTYPE Operation against a key holding the wrong kind of value");
        }
    }

    private static String wrongCount(String name) {
        return RedisProtocol.error(
                "ERR wrong number of arguments for '%s' command"
                        .formatted(name.toLowerCase(Locale.ROOT)));
    }

    private static boolean isRightCount(String name, int count) {
        return switch (name) {
            case "PING" -> count <= 1;
            case "ECHO", "GET", "INCR", "TTL" -> count == 1;
            case "EXPIRE", "PUBLISH" -> count == 2;
            case "LRANGE" -> count == 3;
            case "SET", "LPUSH" -> count >= 2;
            case "DEL", "EXISTS", "CONFIG" -> count >= 1;
            default -> true;
        };
    }

    private String execute(String name, List<String> words) {
        return switch (name) {
            case "PING" ->
                    words.isEmpty()
                            ? RedisProtocol.simple("PONG")
                            : RedisProtocol.bulk(words.getFirst());
            case "ECHO" -> RedisProtocol.bulk(words.getFirst());
            case "GET" -> RedisProtocol.bulk(store.string(words.getFirst()));
            case "SET" -> set(words);
            case "DEL" -> RedisProtocol.integer(words.stream().filter(store::delete).count());
            case "EXISTS" -> RedisProtocol.integer(words.stream().filter(store::contains).count());
            case "INCR" -> increment(words.getFirst());
            case "LPUSH" -> push(words.getFirst(), words.subList(1, words.size()));
            case "LRANGE" ->
                    RedisProtocol.array(
                            store.range(
                                    words.getFirst(),
                                    Long.parseLong(words.get(1)),
                                    Long.parseLong(words.get(2))));
            case "EXPIRE" -> expire(words.getFirst(), Long.parseLong(words.get(1)));
            case "TTL" -> RedisProtocol.integer(timeToLive(words.getFirst()));
            case "PUBLISH" -> RedisProtocol.integer(publish(words.getFirst(), words.get(1)));
            // What the usual clients ask for when they connect; here there is little to tell.
            case "COMMAND" -> RedisProtocol.array(List.of());
            case "CONFIG" -> RedisProtocol.array(List.of(words.getLast(), ""));
            default ->
                    RedisProtocol.error(
                            "ERR unknown command '%s'".formatted(name.toLowerCase(Locale.ROOT)));
        };
    }

    /// The whole command is checked before any of it is obeyed.
    private String set(List<String> words) {
        String condition = "";
        String unit = "";
        long count = 0;
        for (int i = 2; i < words.size(); i++) {
            String option = words.get(i).toUpperCase(Locale.ROOT);
            boolean isCondition = option.equals("NX") || option.equals("XX");
            boolean isUnit = option.equals("EX") || option.equals("PX");
            if (isCondition && condition.isEmpty()) {
                condition = option;
            } else if (isUnit && unit.isEmpty() && i + 1 < words.size()) {
                unit = option;
                i++;
                count = Long.parseLong(words.get(i));
            } else {
                return SYNTAX_ERROR;
            }
        }
        long countMax = unit.equals("EX") ? SECONDS_MAX : Long.MAX_VALUE;
        if (!unit.isEmpty() && (count <= 0 || count > countMax)) {
            return invalidTime("set");
        }
        String key = words.getFirst();
        if (!condition.isEmpty() && store.contains(key) != condition.equals("XX")) {
            return RedisProtocol.NIL;
        }
        store.set(key, words.get(1));
        if (!unit.isEmpty()) {
            store.expire(
                    key, unit.equals("EX") ? Duration.ofSeconds(count) : Duration.ofMillis(count));
        }
        return RedisProtocol.simple("OK");
    }

    private static String invalidTime(String command) {
        return RedisProtocol.error("ERR invalid expire time in '%s' command".formatted(command));
    }

    private String increment(String key) {
        String present = store.string(key);
        try {
            long next = Math.incrementExact(present == null ? 0 : Long.parseLong(present));
            store.replace(key, Long.toString(next));
            return RedisProtocol.integer(next);
        } catch (ArithmeticException e) {
            return RedisProtocol.error("ERR increment or decrement would overflow");
        }
    }

    private String push(String key, List<String> elements) {
        int size = 0;
        for (String element : elements) {
            size = store.push(key, element);
        }
        return RedisProtocol.integer(size);
    }

    private String expire(String key, long seconds) {
        if (Math.abs(seconds) > SECONDS_MAX) {
            return invalidTime("expire");
        }
        return RedisProtocol.integer(store.expire(key, Duration.ofSeconds(seconds)) ? 1 : 0);
    }

    /// Returns the seconds that a key will live, rounded; -1 if it lives on, -2 if there is none.
    private long timeToLive(String key) {
        Duration life = store.life(key);
        if (life == null) {
            return store.contains(key) ? -1 : -2;
        }
        return life.plusMillis(500).toSeconds();
    }

    private int publish(String channel, String text) {
        Set<Session> listeners = channels.getOrDefault(channel, Set.of());
        byte[] message =
                RedisProtocol.bytes(RedisProtocol.array(List.of("message", channel, text)));
        List.copyOf(listeners).forEach(listener -> listener.hear(message));
        return listeners.size();
    }
}
