package dev.gyre.examples;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.sync.LoopQueue;
import dev.gyre.sync.QueueClosedException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// A concurrent crawler. Workers take pages from a queue, fetch them, and put the pages they link
/// to into the queue; when nothing is left to do, or the time is up, the crawl is over.
///
/// All workers share the fields below, without a lock: between two suspensions of one of them none
/// of the others runs.
final class Spider {

    static final Setting<Integer> WORKERS =
            Setting.count("--workers", "How many pages are fetched at once.", 10, 1000);

    static final Setting<Integer> PAGES =
            Setting.count("--pages", "How many pages the site has.", 300, 100_000);

    static final Setting<Duration> TIMEOUT =
            Setting.seconds(
                    "--timeout",
                    "After how many seconds to give up, with a fraction if need be.",
                    Duration.ofSeconds(30),
                    Duration.ofMillis(1));

    private static final Pattern LINK = Pattern.compile("href=\"([^\"]+)\"");

    private static final int BROKEN_SHOWN_MAX = 5;

    /// A link that was found, and the page that it was found on.
    private record Link(URI target, URI page) {}

    private final IOLoop loop = IOLoop.current();
    private final LoopQueue<Link> frontier = LoopQueue.fifo(LoopQueue.UNBOUNDED);
    private final HttpClient client;
    private final Progress progress;

    /// All pages that ever were in the queue.
    private final Set<URI> seen = new HashSet<>();

    private final List<Link> broken = new ArrayList<>();
    private int fetchedCount;

    /// How many requests are under way, and how many there were at most.
    private int underWay;

    private int underWayMax;

    private Spider(HttpClient client, Progress progress) {
        this.client = client;
        this.progress = progress;
    }

    /// The demo: crawls a site that it serves itself.
    static int run(Settings given, PrintStream out, PrintStream err) throws IOException {
        Progress progress = Progress.on(err);
        try (NumberedSite site = NumberedSite.start(given.get(PAGES));
                HttpClient client = HttpClient.newHttpClient()) {
            Spider spider = new Spider(client, progress);
            long startNanos = spider.loop.time();
            boolean inTime = spider.crawl(site.home(), given.get(WORKERS), given.get(TIMEOUT));
            Duration took = Duration.ofNanos(spider.loop.time() - startNanos);
            spider.report(out, took);
            if (!inTime) {
                out.println("The deadline has passed; this is what was found until then.");
            }
            return inTime ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } finally {
            progress.end();
        }
    }

    /// Crawls the site of `home`.
    ///
    /// @return whether all of it was visited before the time was up
    private boolean crawl(URI home, int workerCount, Duration limit) {
        find(new Link(home, home));
        try {
            return Task.withDeadline(
                    limit, () -> TaskScope.call(scope -> crawlToTheEnd(scope, workerCount)));
        } catch (DeadlineExceededException e) {
            // The scope has cancelled the workers and waited for their end.
            return false;
        }
    }

    private boolean crawlToTheEnd(TaskScope scope, int workerCount) {
        for (int number = 1; number <= workerCount; number++) {
            scope.spawn("worker " + number, this::work);
        }
        Task<?> display = scope.spawn("progress", this::showProgress);
        // The end is not when the queue is empty: a worker may be about to put something into it.
        frontier.join().await();
        frontier.close();
        display.cancel();
        return true;
    }

    private @Nullable Void work() {
        while (true) {
            Link link;
            try {
                link = frontier.take().await();
            } catch (QueueClosedException e) {
                return null;
            }
            visit(link);
            frontier.taskDone();
        }
    }

    private void visit(Link link) {
        try {
            HttpResponse<String> response = fetch(link.target());
            if (response.statusCode() != 200) {
                broken.add(link);
                return;
            }
            fetchedCount++;
            Matcher links = LINK.matcher(response.body());
            while (links.find()) {
                find(new Link(link.target().resolve(links.group(1)), link.target()));
            }
        } catch (UncheckedIOException e) {
            broken.add(link);
        }
    }

    /// Fetches a page with the JDK's own client, whose futures know nothing of the loop: `adopt`
    /// brings the response here. When the worker is cancelled, so is the request.
    private HttpResponse<String> fetch(URI page) {
        HttpRequest request =
                HttpRequest.newBuilder(page).version(HttpClient.Version.HTTP_1_1).build();
        underWay++;
        underWayMax = Math.max(underWayMax, underWay);
        try {
            return loop.adopt(client.sendAsync(request, BodyHandlers.ofString())).await();
        } finally {
            underWay--;
        }
    }

    /// Puts a page of this site into the queue, unless it was there before.
    private void find(Link link) {
        boolean isHere = link.target().getAuthority().equals(link.page().getAuthority());
        if (isHere && seen.add(link.target())) {
            // The queue is never full, so the link goes in at once.
            frontier.tryPut(link);
        }
    }

    private @Nullable Void showProgress() {
        while (true) {
            Task.sleep(progress.period());
            progress.show(
                    "fetched %d, under way %d, in the queue %d, broken %d"
                            .formatted(fetchedCount, underWay, frontier.size(), broken.size()));
        }
    }

    private void report(PrintStream out, Duration took) {
        progress.end();
        out.println("pages fetched  " + fetchedCount);
        out.println("broken links   " + broken.size());
        for (Link link : broken.subList(0, Math.min(broken.size(), BROKEN_SHOWN_MAX))) {
            out.printf("  %s on %s%n", link.target().getPath(), link.page().getPath());
        }
        if (broken.size() > BROKEN_SHOWN_MAX) {
            out.printf("  and %d more%n", broken.size() - BROKEN_SHOWN_MAX);
        }
        out.printf(Locale.ROOT, "time           %.2f s%n", took.toMillis() / 1000.0);
        out.printf("concurrency    %d requests at once%n", underWayMax);
    }
}
