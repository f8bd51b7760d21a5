package dev.gyre.examples;

import dev.gyre.examples.RedisProtocol.ProtocolException;
import dev.gyre.examples.RedisStore.WrongTypeException;
import dev.gyre.loop.IOLoop;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamBufferFullException;
import dev.gyre.stream.UnsatisfiableReadException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A server of the Redis protocol. All clients share one store without a lock: between two
/// suspensions of one client no other runs, and no command suspends.
final class Redis {

    private static final String SYNTAX_ERROR = RedisProtocol.error("ERR syntax error");
    private static final String NOT_A_NUMBER =
            RedisProtocol.error("ERR value is not an integer or out of range");
    private static final String INCOMPATIBLE = "ERR %s options at the same time are not compatible";

    private static final Set<String> EXPIRE_OPTIONS = Set.of("NX", "XX", "GT", "LT");

    /// The longest time that a key may live, as Redis counts it in milliseconds.
    private static final long SECONDS_MAX = Long.MAX_VALUE / 1000;

    /// How much of an unknown command is quoted in the answer, in bytes; as much of its arguments.
    private static final int QUOTED_BYTES_MAX = 128;

    private static final System.Logger LOG = System.getLogger("dev.gyre.application");

    private final RedisStore store;

    /// The sessions that listen to each channel.
    private final Map<String, Set<Session>> channels = new HashMap<>();

    private Redis(IOLoop loop) {
        this.store = new RedisStore(loop);
    }

    static TcpServer server(IOLoop loop) {
        Redis redis = new Redis(loop);
        return new TcpServer(stream -> redis.new Session(stream).serve());
    }

    /// A client, from its connecting to its leaving.
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
                    // The session is held up here if its client sends without reading.
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
            String called = words.getFirst();
            String name = called.toUpperCase(Locale.ROOT);
            List<String> arguments = words.subList(1, words.size());
            switch (name) {
                case "SUBSCRIBE" -> subscribeAll(arguments);
                case "UNSUBSCRIBE" -> unsubscribe(arguments);
                case "QUIT" -> reply(RedisProtocol.simple("OK"));
                default -> reply(answer(called, arguments));
            }
            return !name.equals("QUIT");
        }

        private void reply(String text) {
            send(RedisProtocol.bytes(text));
        }

        /// Sends to this client, or cuts it off if it has not read far too much. So it holds up
        /// nobody, and the server does not grow. Who was cut off hears no more.
        private void send(byte[] bytes) {
            if (!stream.isOpen()) {
                return;
            }
            try {
                stream.write(bytes);
            } catch (StreamBufferFullException e) {
                LOG.log(
                        Level.INFO,
                        "%s was cut off: it does not read, and %d bytes wait for it already"
                                .formatted(stream, stream.bytesQueued()));
                stream.close();
            }
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
    }

    private String answer(String called, List<String> arguments) {
        String name = called.toUpperCase(Locale.ROOT);
        try {
            return isRightCount(name, arguments.size())
                    ? execute(called, arguments)
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
            case "PUBLISH" -> count == 2;
            case "LRANGE" -> count == 3;
            case "EXPIRE", "SET", "LPUSH" -> count >= 2;
            case "DEL", "EXISTS", "CONFIG" -> count >= 1;
            default -> true;
        };
    }

    private String execute(String called, List<String> words) {
        return switch (called.toUpperCase(Locale.ROOT)) {
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
                                    integer(words.get(1)),
                                    integer(words.get(2))));
            case "EXPIRE" -> expire(words);
            case "TTL" -> RedisProtocol.integer(timeToLive(words.getFirst()));
            case "PUBLISH" -> RedisProtocol.integer(publish(words.getFirst(), words.get(1)));
            // What the usual clients ask for when they connect; here there is little to tell.
            case "COMMAND" -> RedisProtocol.array(List.of());
            case "CONFIG" -> RedisProtocol.array(List.of(words.getLast(), ""));
            default -> unknown(called, words);
        };
    }

    private static String unknown(String called, List<String> arguments) {
        StringBuilder quoted = new StringBuilder();
        for (String argument : arguments) {
            if (quoted.length() < QUOTED_BYTES_MAX) {
                String most = beginning(argument, QUOTED_BYTES_MAX - quoted.length());
                quoted.append('\'').append(most).append("' ");
            }
        }
        return RedisProtocol.error(
                "ERR unknown command '%s', with args beginning with: %s"
                        .formatted(beginning(called, QUOTED_BYTES_MAX), quoted));
    }

    private static String beginning(String text, int lengthMax) {
        return text.substring(0, Math.min(text.length(), lengthMax));
    }

    /// Returns the number that a text is in the one way to write it: without a plus, and without
    /// zeros in front.
    ///
    /// @throws NumberFormatException if it is written otherwise, or out of range
    private static long integer(String text) {
        long number = Long.parseLong(text);
        if (!text.equals(Long.toString(number))) {
            throw new NumberFormatException(text);
        }
        return number;
    }

    /// Obeys SET. The whole command is checked before any of it is obeyed.
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
                count = integer(words.get(i));
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
            long next = Math.incrementExact(present == null ? 0 : integer(present));
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

    private String expire(List<String> words) {
        Set<String> options = new HashSet<>();
        for (String word : words.subList(2, words.size())) {
            String option = word.toUpperCase(Locale.ROOT);
            if (!EXPIRE_OPTIONS.contains(option)) {
                return RedisProtocol.error("ERR Unsupported option " + word);
            }
            options.add(option);
        }
        if (options.contains("NX") && options.size() > 1) {
            return RedisProtocol.error(INCOMPATIBLE.formatted("NX and XX, GT or LT"));
        }
        if (options.contains("GT") && options.contains("LT")) {
            return RedisProtocol.error(INCOMPATIBLE.formatted("GT and LT"));
        }
        long seconds = integer(words.get(1));
        if (Math.abs(seconds) > SECONDS_MAX) {
            return invalidTime("expire");
        }
        return RedisProtocol.integer(expire(words.getFirst(), seconds, options) ? 1 : 0);
    }

    private boolean expire(String key, long seconds, Set<String> options) {
        Duration life = Duration.ofSeconds(seconds);
        Duration present = store.life(key);
        return options.stream().allMatch(option -> isMet(option, life, present))
                && store.expire(key, life);
    }

    /// Returns whether an option of EXPIRE lets a key live so long in place of what it has.
    ///
    /// @param present how long the key would live without the command; null if it would live on
    private static boolean isMet(String option, Duration life, @Nullable Duration present) {
        return switch (option) {
            case "NX" -> present == null;
            case "XX" -> present != null;
            case "GT" -> present != null && life.compareTo(present) > 0;
            default -> present == null || life.compareTo(present) < 0;
        };
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
        List.copyOf(listeners).forEach(listener -> listener.send(message));
        return listeners.size();
    }
}
