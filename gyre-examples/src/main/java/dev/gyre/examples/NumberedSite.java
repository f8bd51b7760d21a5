package dev.gyre.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A web site for a spider to crawl, served on threads of the JDK's own little server. It has
/// nothing to do with any loop.
///
/// Its pages are numbered. Page `n` links to `2n + 1` and `2n + 2`, so that each can be reached
/// from page 0, and to one more page, so that most are found several times. Every fifth page is
/// slow; every 25th has a link that leads nowhere.
final class NumberedSite implements AutoCloseable {

    private static final String PAGE_PREFIX = "/page/";

    private static final int MILLIS = 10;
    private static final int MILLIS_WHEN_SLOW = 200;
    private static final int SLOW_EVERY = 5;
    private static final int BROKEN_EVERY = 25;

    private final int pageCount;
    private final HttpServer server;

    private NumberedSite(int pageCount, HttpServer server) {
        this.pageCount = pageCount;
        this.server = server;
    }

    /// Starts a site on a free local port.
    static NumberedSite start(int pageCount) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        NumberedSite site =
                new NumberedSite(
                        pageCount, HttpServer.create(new InetSocketAddress(loopback, 0), 0));
        site.server.createContext("/", site::onRequest);
        site.server.start();
        return site;
    }

    /// Returns the address of page 0.
    URI home() {
        return URI.create(
                "http://%s%s0".formatted(HostPort.text(server.getAddress()), PAGE_PREFIX));
    }

    /// Answers a request after a while. Until then it waits without a thread.
    private void onRequest(HttpExchange exchange) {
        int number = pageNumber(exchange.getRequestURI().getPath());
        int millis = number >= 0 && number % SLOW_EVERY == 0 ? MILLIS_WHEN_SLOW : MILLIS;
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)
                .execute(() -> answer(exchange, number));
    }

    /// Returns which page a path names, or -1.
    private int pageNumber(String path) {
        if (!path.matches(PAGE_PREFIX + "\\d{1,9}")) {
            return -1;
        }
        int number = Integer.parseInt(path.substring(PAGE_PREFIX.length()));
        return number < pageCount ? number : -1;
    }

    private void answer(HttpExchange exchange, int number) {
        int status = number < 0 ? 404 : 200;
        byte[] body =
                (number < 0 ? "no such page\n" : page(number)).getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            // The client does not want it any more.
            exchange.close();
        }
    }

    private String page(int number) {
        StringBuilder html = new StringBuilder("<h1>Page %d</h1>\n".formatted(number));
        long[] targets = {2L * number + 1, 2L * number + 2, (7L * number + 3) % pageCount};
        for (long target : targets) {
            if (target < pageCount) {
                html.append(link(PAGE_PREFIX + target));
            }
        }
        if (number % BROKEN_EVERY == BROKEN_EVERY - 1) {
            html.append(link("/missing/" + number));
        }
        // Most sites link to others. The site of this link is not there, and must not be asked.
        return html.append(link("http://elsewhere.invalid/")).toString();
    }

    private static String link(String target) {
        return "<a href=\"%s\">there</a>\n".formatted(target);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
