package io.netservice.bench.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Requests to the API server with bodies that are ready: as little work as possible, because the
 * driver shares the processors with what it measures. HTTP/1.1, so that requests side by side have
 * connections of their own. May be used from any thread.
 */
public final class Api {

  /** Connections of a bulk write. More do not make an API server on two cores faster. */
  public static final int CONNECTIONS = 8;

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final String server;
  private final String authorization;
  private final HttpClient client;

  /**
   * A client for {@code server}.
   *
   * @param authority the certificates to trust, PEM
   */
  public Api(String server, String token, Path authority)
      throws IOException, GeneralSecurityException {
    this.server = server;
    this.authorization = "Bearer " + token;
    this.client = Https.client(authority);
  }

  public Answer get(String path) {
    return send("GET", path, "application/json", BodyPublishers.noBody(), true);
  }

  public Answer post(String path, byte[] body) {
    return send("POST", path, "application/json", BodyPublishers.ofByteArray(body), false);
  }

  /** Applies a JSON merge patch. */
  public Answer patch(String path, byte[] body) {
    return send(
        "PATCH", path, "application/merge-patch+json", BodyPublishers.ofByteArray(body), false);
  }

  /** Deletes an object or, where the path is that of a list, all that are in it. */
  public Answer delete(String path) {
    return send("DELETE", path, "application/json", BodyPublishers.noBody(), false);
  }

  /** Sends {@code body}, empty for none, and gives whatever the API server answers. */
  public Answer ask(String method, String path, String contentType, byte[] body) {
    return exchange(method, path, contentType, BodyPublishers.ofByteArray(body), true);
  }

  /** Starts to read a stream, such as a watch. */
  public HttpRequest request(String path) {
    return builder(path).GET().build();
  }

  /**
   * Calls {@code work} with 0 to {@code count - 1} on {@link #CONNECTIONS} threads and returns when
   * all are done, or throws what the first of them threw.
   */
  public void each(int count, IntConsumer work) {
    AtomicInteger next = new AtomicInteger();
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    Thread[] threads = new Thread[Math.min(CONNECTIONS, count)];
    Arrays.setAll(
        threads,
        number ->
            new Thread(
                () -> {
                  for (int i = next.getAndIncrement();
                      i < count && failure.get() == null;
                      i = next.getAndIncrement()) {
                    try {
                      work.accept(i);
                    } catch (RuntimeException e) {
                      failure.compareAndSet(null, e);
                    }
                  }
                },
                "writer-" + number));
    for (Thread thread : threads) {
      thread.setDaemon(true);
      thread.start();
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      failure.compareAndSet(null, new BenchException("interrupted while writing", e));
      Thread.currentThread().interrupt();
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private HttpRequest.Builder builder(String path) {
    return HttpRequest.newBuilder(URI.create(server + path)).header("Authorization", authorization);
  }

  private Answer send(
      String method, String path, String contentType, BodyPublisher body, boolean keep) {
    Answer answer = exchange(method, path, contentType, body, keep);
    if (answer.status() >= 300) {
      throw new BenchException(
          "%s %s: %d %s".formatted(method, path, answer.status(), answer.body()));
    }
    return answer;
  }

  private Answer exchange(
      String method, String path, String contentType, BodyPublisher body, boolean keep) {
    HttpRequest request =
        builder(path)
            .timeout(TIMEOUT)
            .header("Content-Type", contentType)
            .method(method, body)
            .build();
    long[] nanos = new long[1];
    BodyHandler<String> handler =
        info -> {
          nanos[0] = System.nanoTime();
          return keep || info.statusCode() >= 300
              ? BodySubscribers.ofString(StandardCharsets.UTF_8)
              : BodySubscribers.replacing("");
        };
    try {
      HttpResponse<String> response = client.send(request, handler);
      return new Answer(response.statusCode(), nanos[0], response.body());
    } catch (IOException e) {
      throw new BenchException(method + " " + path + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted at " + method + " " + path, e);
    }
  }
}
