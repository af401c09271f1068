package io.netservice.faults.world;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.subject.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A toxiproxy with one proxy, before one port of loopback. */
public final class Toxiproxy implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Running running;
  private final String control;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  private Toxiproxy(Running running, int controlPort, int target) {
    this.running = running;
    this.control = "http://127.0.0.1:" + controlPort;
    Admin.insist(() -> call("GET", "/version", ""));
    String proxy =
        Admin.insist(
            () ->
                call(
                    "POST",
                    "/proxies",
                    "{\"name\":\"api\",\"listen\":\"127.0.0.1:0\",\"upstream\":\"127.0.0.1:%d\",\"enabled\":true}"
                        .formatted(target)));
    try {
      String listen = MAPPER.readTree(proxy).path("listen").asText();
      this.port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
    } catch (IOException e) {
      throw new BenchException("toxiproxy answers " + proxy, e);
    }
  }

  static Toxiproxy start(Path binaries, Path log, int target, long seed, Consumer<String> died) {
    int control = freePort();
    Running running =
        Running.start(
            "toxiproxy",
            List.of(
                binaries.resolve("toxiproxy").toString(),
                "-host=127.0.0.1",
                "-port=" + control,
                "-seed=" + seed),
            log,
            died);
    try {
      return new Toxiproxy(running, control, target);
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  /** Where the proxy listens. */
  public int port() {
    return port;
  }

  /** Takes connections, or closes all there are and refuses new ones. */
  public void enable(boolean enabled) {
    call("POST", "/proxies/api", "{\"enabled\":" + enabled + "}");
  }

  /**
   * Adds a toxic in both directions.
   *
   * @param attributes as JSON
   */
  public void add(String type, String attributes) {
    for (String stream : List.of("upstream", "downstream")) {
      call(
          "POST",
          "/proxies/api/toxics",
          "{\"name\":\"%2$s\",\"type\":\"%1$s\",\"stream\":\"%2$s\",\"attributes\":%3$s}"
              .formatted(type, stream, attributes));
    }
  }

  /** Removes what {@link #add} added. */
  public void clear() {
    for (String stream : List.of("upstream", "downstream")) {
      call("DELETE", "/proxies/api/toxics/" + stream, "");
    }
  }

  @Override
  public void close() {
    running.close();
  }

  private String call(String method, String path, String body) {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(control + path))
                  .timeout(Duration.ofSeconds(10))
                  .method(method, BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new BenchException(
            "toxiproxy, %s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
      }
      return answer.body();
    } catch (IOException e) {
      throw new BenchException("toxiproxy, " + method + " " + path + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted at toxiproxy", e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BenchException("no port is free: " + e, e);
    }
  }
}
