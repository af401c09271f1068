package io.netservice.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusServerTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private volatile boolean live = true;
  private volatile Optional<String> notReady = Optional.empty();
  private StatusServer server;

  @BeforeEach
  void start() throws IOException {
    server = StatusServer.start("127.0.0.1", 0, () -> live, () -> notReady);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .timeout(Duration.ofSeconds(3))
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private static void assertPlain(int status, String body, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode());
    assertEquals(body, answer.body());
    assertEquals(
        "text/plain; charset=utf-8", answer.headers().firstValue("Content-Type").orElse(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/livez", "/readyz", "/readyz?verbose"})
  void allIsWell(String path) throws Exception {
    assertPlain(200, "ok\n", send("GET", path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/livez"})
  void onlyRestartWouldHelp(String path) throws Exception {
    live = false;
    assertPlain(500, "a restart is needed\n", send("GET", path));
    assertPlain(200, "ok\n", send("GET", "/readyz"));
  }

  @Test
  void whatIsNotReadySaysWhyAndIsLiveAllTheSame() throws Exception {
    notReady = Optional.of("caches are not in step");
    assertPlain(503, "caches are not in step\n", send("GET", "/readyz"));
    assertPlain(200, "ok\n", send("GET", "/livez"));
    notReady = Optional.empty();
    assertPlain(200, "ok\n", send("GET", "/readyz"));
  }

  @Test
  void metricsAreInPrometheusFormat() throws Exception {
    HttpResponse<String> answer = send("GET", "/metrics");
    assertEquals(200, answer.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        answer.headers().firstValue("Content-Type").orElse(""));
    assertTrue(answer.body().contains("\njvm_memory_bytes_used{"), answer.body());
    assertTrue(answer.body().contains("\nprocess_start_time_seconds "), answer.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/healthzfoo", "/healthz/", "/healthz/x", "/metrics2", "/x/readyz", "/Livez"})
  void otherPathsAreNotFound(String path) throws Exception {
    assertPlain(404, "not found: /healthz, /livez, /metrics, /readyz\n", send("GET", path));
  }

  @ParameterizedTest
  @CsvSource({"POST, /healthz", "PUT, /readyz", "DELETE, /metrics", "OPTIONS, /livez"})
  void nothingCanBeWritten(String method, String path) throws Exception {
    HttpResponse<String> answer = send(method, path);
    assertPlain(405, "method not allowed\n", answer);
    assertEquals("GET, HEAD", answer.headers().firstValue("Allow").orElse(""));
  }

  @Test
  void headHasTheStatusAndNoBody() throws Exception {
    notReady = Optional.of("not yet");
    assertPlain(503, "", send("HEAD", "/readyz"));
    assertEquals(200, send("HEAD", "/metrics").statusCode());
  }

  @Test
  void failingCheckIsAnAnswerToo() throws Exception {
    try (StatusServer failing =
        StatusServer.start(
            "127.0.0.1",
            0,
            () -> {
              throw new IllegalStateException("secret detail");
            },
            Optional::empty)) {
      server.close();
      server = failing;
      assertPlain(500, "internal error\n", send("GET", "/healthz"));
    }
  }

  @Test
  void halfRequestsHoldNobodyUpAndAreCutOff() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 32; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        slow.add(socket);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write("GET /livez HT".getBytes(US_ASCII));
      }
      assertPlain(200, "ok\n", send("GET", "/livez"));
      for (Socket socket : slow) {
        assertEquals(-1, readOrReset(socket));
      }
      assertPlain(200, "ok\n", send("GET", "/readyz"));
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void whoReadsNoAnswersIsCutOff() throws Exception {
    byte[] requests = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100).getBytes(US_ASCII);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      // What both sides have room for comes to an end, and then so does the server's patience.
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (true) {
                    socket.getOutputStream().write(requests);
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThrows(ExecutionException.class, () -> writing.get(60, TimeUnit.SECONDS));
    }
    assertPlain(200, "ok\n", send("GET", "/livez"));
  }

  @Test
  void hugeHeadersGetNoAnswer() throws Exception {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      many.append("X").append(i).append(": a\r\n");
    }
    for (String headers : List.of(many.toString(), "X: " + "a".repeat(20_000) + "\r\n")) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        socket.setSoTimeout(20_000);
        socket
            .getOutputStream()
            .write(("GET /livez HTTP/1.1\r\n" + headers + "\r\n").getBytes(US_ASCII));
        assertEquals(-1, readOrReset(socket));
      }
    }
    assertPlain(200, "ok\n", send("GET", "/livez"));
  }

  @Test
  void aCrowdIsTurnedAwayAndServedAgainOnceItIsGone() throws Exception {
    List<Socket> crowd = new ArrayList<>();
    try {
      // Who has been served may keep the connection for longer than others get for a request.
      for (int i = 0; i < 64; i++) {
        crowd.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
        assertTrue(isServed(crowd.get(i)), "connection " + i);
      }
      for (int i = 0; i < 100; i++) {
        try (Socket more = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
          assertFalse(isServed(more), "one more");
        }
      }
      assertTrue(isServed(crowd.get(0)), "the first");
    } finally {
      for (Socket socket : crowd) {
        socket.close();
      }
    }
    assertPlain(200, "ok\n", send("GET", "/livez"));
  }

  private static boolean isServed(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    try {
      socket.getOutputStream().write("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
      StringBuilder answer = new StringBuilder();
      while (!answer.toString().endsWith("ok\n")) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          return false;
        }
        answer.append((char) next);
      }
      return true;
    } catch (SocketException e) {
      return false;
    }
  }

  /** The next byte, -1 at the end, whichever way the server ended it. */
  private static int readOrReset(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketException e) {
      return -1;
    }
  }

  @Test
  void portInUseIsToldByItsOption() {
    assertEquals(
        "--metrics-port %d at --bind-address 127.0.0.1: Address already in use"
            .formatted(server.port()),
        failure(IOException.class, "127.0.0.1", server.port()));
  }

  @Test
  void addressOfAnotherHostIsToldByItsOption() {
    // RFC 5737 keeps 192.0.2.0/24 for documentation: no interface has it.
    assertEquals(
        "--metrics-port 0 at --bind-address 192.0.2.1: Cannot assign requested address",
        failure(IOException.class, "192.0.2.1", 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          host.invalid | 0     | --bind-address host.invalid: must be an IP address, as 0.0.0.0 or ::1
          127.0.0.1/8  | 0     | --bind-address 127.0.0.1/8: must be an IP address, as 0.0.0.0 or ::1
          127.0.0.1    | -1    | --metrics-port -1: must be from 0 (any free port) to 65535
          127.0.0.1    | 65536 | --metrics-port 65536: must be from 0 (any free port) to 65535
          """)
  void wrongValueIsToldByItsOption(String address, int port, String expected) {
    assertEquals(expected, failure(IllegalArgumentException.class, address, port));
  }

  private static String failure(Class<? extends Exception> kind, String address, int port) {
    return assertThrows(
            kind, () -> StatusServer.start(address, port, () -> true, Optional::empty).close())
        .getMessage();
  }
}
