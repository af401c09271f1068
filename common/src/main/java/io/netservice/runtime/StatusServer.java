package io.netservice.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Health and metrics over plain HTTP: {@code /healthz} and {@code /livez} (is the process worth
 * keeping), {@code /readyz} (may it be given work), {@code /metrics} (Prometheus text format).
 */
public final class StatusServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StatusServer.class);

  private static final int BACKLOG = 128;
  private static final List<String> READING = List.of("GET", "HEAD");

  /** Connections at once, each with a thread while it has a request; further ones are closed. */
  private static final int CONNECTIONS = 64;

  /** Bounds of the JDK's server, which reads them once; what the command line says stays. */
  private static final Map<String, String> BOUNDS =
      Map.of(
          "jdk.httpserver.maxConnections", "" + CONNECTIONS,
          // Seconds: without them who sends half a line, or reads no answer, has a thread for good.
          // Prometheus, too, waits for 10 s.
          "sun.net.httpserver.maxReqTime", "5",
          "sun.net.httpserver.maxRspTime", "10",
          "sun.net.httpserver.maxReqHeaders", "50",
          // Bytes, of the request line, too.
          "sun.net.httpserver.maxReqHeaderSize", "8192");

  private static final Gauge BUILD =
      Gauge.build()
          .name("netservice_build_info")
          .help("1, with the version of the program.")
          .labelNames("version")
          .register();

  static {
    BUILD.labels(Program.Version.current()).set(1);
    BOUNDS.forEach(System.getProperties()::putIfAbsent);
  }

  private final HttpServer server;
  private final ExecutorService threads;

  private StatusServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Serves on {@code address}, the value of {@code --bind-address}.
   *
   * @param port the value of {@code --metrics-port}, 0 for one that the kernel picks
   * @param live false when only a restart would help; called from the server's threads
   * @param notReady why no work can be done yet, empty when it can; called from the server's
   *     threads
   * @throws IllegalArgumentException if the address is no IP address or the port is no port
   * @throws IOException if the port can't be had
   */
  public static StatusServer start(
      String address, int port, BooleanSupplier live, Supplier<Optional<String>> notReady)
      throws IOException {
    HttpServer server = listen(new ListenAddress(address, "--metrics-port", port));
    DefaultExports.initialize();
    AtomicInteger count = new AtomicInteger();
    ExecutorService threads =
        new ThreadPoolExecutor(
            0,
            CONNECTIONS,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "status-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    Supplier<Answer> health =
        () -> live.getAsBoolean() ? Answer.OK : Answer.plain(500, "a restart is needed");
    Map<String, Supplier<Answer>> pages =
        Map.of(
            "/healthz",
            health,
            "/livez",
            health,
            "/readyz",
            () -> notReady.get().map(why -> Answer.plain(503, why)).orElse(Answer.OK),
            "/metrics",
            StatusServer::metrics);
    // A context takes all paths that begin with its own: there is one, and the paths are compared.
    server.createContext("/", exchange -> send(exchange, answer(exchange, pages)));
    server.start();
    log.info(
        "serving health and metrics on {}:{}",
        server.getAddress().getAddress().getHostAddress(),
        server.getAddress().getPort());
    return new StatusServer(server, threads);
  }

  /** The port that is served. */
  public int port() {
    return server.getAddress().getPort();
  }

  private static HttpServer listen(ListenAddress where) throws IOException {
    try {
      return HttpServer.create(where.socket(), BACKLOG);
    } catch (IOException e) {
      throw where.refused(e);
    }
  }

  private static Answer answer(HttpExchange exchange, Map<String, Supplier<Answer>> pages) {
    Supplier<Answer> page = pages.get(exchange.getRequestURI().getPath());
    if (page == null) {
      return Answer.plain(404, "not found: " + String.join(", ", new TreeSet<>(pages.keySet())));
    } else if (!READING.contains(exchange.getRequestMethod())) {
      exchange.getResponseHeaders().set("Allow", String.join(", ", READING));
      return Answer.plain(405, "method not allowed");
    }
    try {
      return page.get();
    } catch (RuntimeException e) {
      log.error("{} failed", exchange.getRequestURI().getPath(), e);
      return Answer.plain(500, "internal error");
    }
  }

  private static Answer metrics() {
    StringWriter text = new StringWriter();
    try {
      TextFormat.write004(text, families());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answer(200, TextFormat.CONTENT_TYPE_004, text.toString());
  }

  /** All but the time since when something is counted, which Prometheus does not read. */
  private static Enumeration<MetricFamilySamples> families() {
    return Collections.enumeration(
        Collections.list(CollectorRegistry.defaultRegistry.metricFamilySamples()).stream()
            .map(
                family ->
                    new MetricFamilySamples(
                        family.name,
                        family.unit,
                        family.type,
                        family.help,
                        family.samples.stream()
                            .filter(sample -> !sample.name.endsWith("_created"))
                            .toList()))
            .toList());
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    try (exchange) {
      byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.contentType);
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(answer.status, -1);
      } else {
        exchange.sendResponseHeaders(answer.status, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private record Answer(int status, String contentType, String body) {

    static final Answer OK = plain(200, "ok");

    static Answer plain(int status, String line) {
      return new Answer(status, "text/plain; charset=utf-8", line + "\n");
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
