package io.netservice.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

  private final HttpServer server;
  private final ExecutorService threads;

  private StatusServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Serves on {@code address}.
   *
   * @param port the port, 0 for one that the kernel picks
   * @param live false when only a restart would help; called from the server's threads
   * @param notReady why no work can be done yet, empty when it can; called from the server's
   *     threads
   * @throws IOException if the port can't be had
   */
  public static StatusServer start(
      String address, int port, BooleanSupplier live, Supplier<Optional<String>> notReady)
      throws IOException {
    DefaultExports.initialize();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), 16);
    AtomicInteger count = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "status-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, 404, "not found\n"));
    for (String path : new String[] {"/healthz", "/livez"}) {
      server.createContext(
          path,
          exchange -> {
            boolean ok = live.getAsBoolean();
            answer(exchange, ok ? 200 : 500, ok ? "ok\n" : "a restart is needed\n");
          });
    }
    server.createContext(
        "/readyz",
        exchange -> {
          Optional<String> reason = notReady.get();
          answer(exchange, reason.isEmpty() ? 200 : 503, reason.orElse("ok") + "\n");
        });
    server.createContext("/metrics", exchange -> answer(exchange, 200, metrics()));
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

  private static String metrics() throws IOException {
    StringWriter text = new StringWriter();
    TextFormat.write004(text, CollectorRegistry.defaultRegistry.metricFamilySamples());
    return text.toString();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", TextFormat.CONTENT_TYPE_004);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
