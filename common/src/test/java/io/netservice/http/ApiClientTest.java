package io.netservice.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests to something that stands where the API server would. */
class ApiClientTest {

  private static final byte[] BODY = "{\"kind\":\"Service\"}".getBytes(UTF_8);
  private static final byte[] NONE = {};

  /** Far more than what is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How requests are answered. */
  @FunctionalInterface
  private interface Behaviour {
    void answer(HttpExchange exchange) throws IOException, InterruptedException;
  }

  /** A gate that a test opens and closes. */
  private static final class Gate implements WriteGate {
    final AtomicInteger passes = new AtomicInteger(Integer.MAX_VALUE);
    volatile long left = Long.MAX_VALUE;

    @Override
    public void check() {
      if (passes.getAndDecrement() <= 0) {
        throw new IllegalStateException("closed");
      }
    }

    @Override
    public long nanosLeft() {
      return left;
    }
  }

  private final Gate gate = new Gate();
  private final BlockingQueue<String> complete = new LinkedBlockingQueue<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private HttpServer server;
  private volatile Behaviour behaviour = exchange -> exchange.sendResponseHeaders(200, -1);

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            complete.add(
                exchange.getRequestMethod()
                    + " "
                    + exchange.getRequestURI()
                    + " "
                    + new String(body, UTF_8));
            behaviour.answer(exchange);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
    timer.shutdownNow();
  }

  private void answerInTheEnd(HttpExchange exchange) throws IOException, InterruptedException {
    end.await();
    exchange.sendResponseHeaders(200, -1);
  }

  private ApiClient client(Duration timeout) {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    ApiServer target = new ApiServer(new ConfigBuilder().withMasterUrl(url).build());
    return new ApiClient(target, 4, timeout, gate, timer);
  }

  private static byte[] write(ApiClient client) {
    return client.send("PUT", "/api/v1/a", ApiClient.JSON, BODY);
  }

  private static byte[] read(ApiClient client) {
    return client.send("GET", "/api/v1/a", ApiClient.JSON, NONE);
  }

  @Test
  void writeTellsTheApiServerHowLongItMayTake() throws Exception {
    try (ApiClient client = client(Duration.ofSeconds(15))) {
      write(client);
      assertEquals("PUT /api/v1/a?timeout=15000ms {\"kind\":\"Service\"}", complete.take());
      gate.left = TimeUnit.SECONDS.toNanos(4);
      write(client);
      assertEquals("PUT /api/v1/a?timeout=4000ms {\"kind\":\"Service\"}", complete.take());
      read(client);
      assertEquals("GET /api/v1/a ", complete.take());
    }
  }

  @Test
  void closedGateLetsReadsThroughAndNoWrite() throws Exception {
    try (ApiClient client = client(PATIENCE)) {
      gate.passes.set(0);
      assertThrows(IllegalStateException.class, () -> write(client));
      read(client);
      assertEquals("GET /api/v1/a ", complete.take());
    }
  }

  @Test
  void requestUnderWayFailsAtOnceWhenTheOtherEndHasVanished() throws Exception {
    behaviour = this::answerInTheEnd;
    try (ApiClient client = client(PATIENCE)) {
      CompletableFuture<byte[]> writing =
          CompletableFuture.supplyAsync(() -> write(client), threads);
      complete.take();
      assertFalse(writing.isDone());
      client.connectAnew(Duration.ZERO);
      CompletionException broken = assertThrows(CompletionException.class, writing::join);
      assertEquals(KubernetesClientException.class, broken.getCause().getClass());
      behaviour = exchange -> exchange.sendResponseHeaders(200, -1);
      write(client);
    }
  }

  @Test
  void requestUnderWayHasTheGraceItIsGivenWhenTheOtherEndMayHaveVanished() throws Exception {
    behaviour = this::answerInTheEnd;
    try (ApiClient client = client(PATIENCE)) {
      CompletableFuture<byte[]> hanging =
          CompletableFuture.supplyAsync(() -> write(client), threads);
      complete.take();
      client.connectAnew(Duration.ofMillis(50));
      assertThrows(CompletionException.class, hanging::join);
      CompletableFuture<byte[]> slow = CompletableFuture.supplyAsync(() -> write(client), threads);
      complete.take();
      client.connectAnew(PATIENCE);
      end.countDown();
      slow.join();
    }
  }

  /** As when the process was stopped, or a connection took its time to be made. */
  @Test
  void writeIsNotCompletedWhenTheGateClosesAfterItBegan() throws Exception {
    try (ApiClient client = client(PATIENCE)) {
      gate.passes.set(1);
      assertThrows(IllegalStateException.class, () -> write(client));
      gate.passes.set(2);
      write(client);
      assertEquals("PUT /api/v1/a?timeout=60000ms {\"kind\":\"Service\"}", complete.take());
      assertTrue(complete.isEmpty(), "half a request is none");
    }
  }

  @Test
  void writeUnderWayIsBrokenOffWhenItsTimeIsOverAndAReadIsNot() throws Exception {
    behaviour = this::answerInTheEnd;
    try (ApiClient client = client(PATIENCE)) {
      CompletableFuture<byte[]> reading =
          CompletableFuture.supplyAsync(() -> read(client), threads);
      CompletableFuture<byte[]> writing =
          CompletableFuture.supplyAsync(() -> write(client), threads);
      complete.take();
      complete.take();
      assertFalse(writing.isDone());
      gate.left = 0;
      CompletionException broken = assertThrows(CompletionException.class, writing::join);
      assertEquals(KubernetesClientException.class, broken.getCause().getClass());
      assertFalse(reading.isDone());
      end.countDown();
      assertEquals(0, reading.join().length);
    }
  }

  @Test
  void answerThatComesDropByDropDoesNotTakeForEver() throws Exception {
    behaviour =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          OutputStream to = exchange.getResponseBody();
          while (!end.await(5, TimeUnit.MILLISECONDS)) {
            to.write(' ');
            to.flush();
          }
        };
    try (ApiClient client = client(Duration.ofMillis(300))) {
      assertThrows(KubernetesClientException.class, () -> read(client));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "429, 3, 3000",
    "503, 1, 1000",
    "500, , 0",
    "429, 86400, 60000",
    "429, -1, 0",
    "429, soon, 0"
  })
  void errorTellsHowLongTheApiServerWantsToBeLeftAlone(int code, String retryAfter, long millis) {
    behaviour =
        exchange -> {
          if (retryAfter != null) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
          }
          exchange.sendResponseHeaders(code, -1);
        };
    try (ApiClient client = client(PATIENCE)) {
      KubernetesClientException failure =
          assertThrows(KubernetesClientException.class, () -> write(client));
      assertEquals(code, failure.getCode());
      assertEquals(millis, ApiException.retryAfterMillis(failure));
    }
  }

  @Test
  void answerWithoutEndIsNotKept() {
    behaviour =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] some = new byte[1 << 20];
          for (int i = 0; i < 9; i++) {
            exchange.getResponseBody().write(some);
          }
        };
    try (ApiClient client = client(PATIENCE)) {
      KubernetesClientException failure =
          assertThrows(KubernetesClientException.class, () -> read(client));
      assertTrue(failure.getMessage().contains("more than 8388608 bytes"), failure::getMessage);
    }
  }
}
