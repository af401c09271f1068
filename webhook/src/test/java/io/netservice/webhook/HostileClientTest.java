package io.netservice.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netservice.network.NamespaceIsolation;
import io.netservice.webhook.admission.AdmissionHandler;
import io.netservice.webhook.tls.CertificateWatcher;
import io.netservice.webhook.tls.Overdue;
import io.netservice.webhook.tls.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients that mean harm, on loopback: each is bounded or refused, and one that means well is
 * answered meanwhile. {@code -Dhostile.connections=10000} makes the crowd larger than its default.
 */
class HostileClientTest {

  private static final TestCertificate CERTIFICATE = TestCertificate.of("hostile", "EC");
  private static final int CROWD = Integer.getInteger("hostile.connections", 600);

  /** How many the server keeps. */
  private static final int CONNECTIONS = 256;

  /** The server has 32 threads. */
  private static final int SLOW = 100;

  /** As long as an API server waits. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @TempDir private Path directory;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .sslContext(TestCertificate.trusting(CERTIFICATE))
          .build();
  private final Deque<Socket> open = new ArrayDeque<>();
  private WebhookServer server;
  private CertificateWatcher certificates;

  @BeforeEach
  void start() throws IOException {
    server =
        WebhookServer.start(
            "127.0.0.1",
            0,
            AdmissionHandler.mutating(),
            AdmissionHandler.validating(
                (namespace, name) -> Optional.empty(),
                network -> true,
                NamespaceIsolation.off(),
                Set.of()));
    CERTIFICATE.write(directory);
    certificates =
        new CertificateWatcher(
            directory.resolve("tls.crt"),
            directory.resolve("tls.key"),
            Duration.ofMinutes(1),
            server::use,
            new Overdue(Clock.systemUTC(), warning -> {}));
    certificates.start();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    certificates.close();
    server.close();
  }

  @Test
  void slowBodiesHoldNoThread() throws Exception {
    for (int i = 0; i < SLOW; i++) {
      write(tls("TLSv1.3"), head("Content-Length: 2000") + "{");
    }

    for (int i = 0; i < 20; i++) {
      assertEquals(200, review().statusCode());
    }
    assertTrue(threads() <= 34, "threads: " + threads());
  }

  @Test
  void bodiesThatDoNotGoOnAreCutOff() throws Exception {
    SSLSocket small = tls("TLSv1.3");
    write(small, head("Content-Length: 2000") + "{");
    SSLSocket large = startOfALargeBody();

    rest(small);
    rest(large);
    assertEquals(200, review().statusCode());
  }

  @Test
  void bodiesThatTrickleAreCutOff() throws Exception {
    SSLSocket socket = tls("TLSv1.3");
    write(socket, head("Content-Length: 2000"));
    socket.setSoTimeout(200);
    int pauses = 0;
    boolean open = true;
    while (open) {
      assertTrue(pauses < 100, "20 s long a byte each 200 ms were taken");
      try {
        write(socket, "{");
        open = socket.getInputStream().read() >= 0;
      } catch (SocketTimeoutException e) {
        pauses++;
      } catch (IOException e) {
        open = false;
      }
    }
    assertEquals(200, review().statusCode());
  }

  @Test
  void largeBodiesThatComeSlowlyAreFewAndTheOthersAreTurnedAway() throws Exception {
    List<SSLSocket> large = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      large.add(startOfALargeBody());
    }

    for (int i = 0; i < 20; i++) {
      assertEquals(200, review().statusCode());
    }
    int turnedAway = 0;
    for (SSLSocket socket : large.subList(2, 40)) {
      turnedAway += rest(socket).startsWith("HTTP/1.1 503 ") ? 1 : 0;
    }
    assertEquals(38, turnedAway);
  }

  @Test
  void hugeHeadersAreRefused() throws Exception {
    assertStatus(431, head("Content-Length: 2", "X-Long: " + "a".repeat(20_000)) + "{}");
    assertStatus(
        431,
        head("Content-Length: 2", ("X-Many: " + "a".repeat(50) + "\r\n").repeat(400) + "X-Last: b")
            + "{}");
    assertEquals(200, review().statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Length: 2, Content-Length: 3",
    "Content-Length: 2, Transfer-Encoding: chunked",
    "Content-Length: -1, X: y",
    "Content-Length: 99999999999999999999, X: y",
    "Transfer-Encoding: gzip, X: y",
  })
  void lengthsThatCouldBeReadTwoWaysAreRefused(String first, String second) throws Exception {
    assertStatus(400, head(first, second) + "{}");
    assertEquals(200, review().statusCode());
  }

  @Test
  void renegotiationIsRefused() throws Exception {
    SSLSocket socket = tls("TLSv1.2");
    assertThrows(
        IOException.class,
        () -> {
          socket.startHandshake();
          write(socket, head("Content-Length: 2") + "{}");
          if (socket.getInputStream().read() < 0) {
            throw new SSLException("closed");
          }
        });
    assertEquals(200, review().statusCode());
  }

  @Test
  void aCrowdThatSaysNothingDisplacesItselfAndNobodyElse() throws Exception {
    SSLSocket used = tls("TLSv1.3");
    write(used, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    assertEquals('H', used.getInputStream().read());
    List<Socket> crowd = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS + 100; i++) {
      crowd.add(silent());
    }

    // As many as there are too many; which, ConnectionLimitTest says: the server's threads don't
    // keep
    // to the order of neighbours.
    int surplus = 1 + crowd.size() - CONNECTIONS;
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    long closed = 0;
    while (closed < surplus) {
      assertTrue(System.nanoTime() < end, closed + " have gone of " + surplus);
      closed = crowd.stream().filter(HostileClientTest::isClosed).count();
    }
    assertEquals(surplus, closed);
    write(used, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    assertEquals(2, rest(used).split("TTP/1.1 404 ", -1).length - 1);
    assertEquals(200, review().statusCode());
  }

  @Test
  void ofAnsweredConnectionsTheOneIdleForLongestMakesRoom() throws Exception {
    List<SSLSocket> crowd = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      crowd.add(tls("TLSv1.3"));
      write(crowd.get(i), "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      assertEquals('H', crowd.get(i).getInputStream().read());
    }

    assertEquals(200, review().statusCode());
    assertTrue(rest(crowd.get(0)).startsWith("TTP/1.1 404 "));
  }

  @Test
  void aCrowdOfIdleConnectionsMakesNobodyWaitForLong() throws Exception {
    assertEquals(200, review().statusCode());
    long used = usedMemory();
    for (int i = 0; i < CROWD; i++) {
      silent();
      if (i % 100 == 0) {
        assertEquals(200, review().statusCode());
      }
    }
    assertEquals(200, review().statusCode());
    assertTrue(threads() <= 34, "threads: " + threads());
    long grown = usedMemory() - used;
    assertTrue(grown < 64 << 20, "memory grew by " + grown);
  }

  private Socket silent() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(20_000);
    open.add(socket);
    return socket;
  }

  private HttpResponse<String> review() throws IOException, InterruptedException {
    byte[] body;
    try (InputStream file = HostileClientTest.class.getResourceAsStream("/reviews/create.json")) {
      body = file.readAllBytes();
    }
    return client.send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + "/validate"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString());
  }

  private SSLSocket tls(String version) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            TestCertificate.trusting(CERTIFICATE)
                .getSocketFactory()
                .createSocket("127.0.0.1", server.port());
    open.add(socket);
    socket.setSoTimeout(20_000);
    socket.setEnabledProtocols(new String[] {version});
    socket.startHandshake();
    return socket;
  }

  private static String head(String... headers) {
    List<String> lines = new ArrayList<>();
    lines.add("POST /validate HTTP/1.1");
    lines.add("Host: 127.0.0.1");
    lines.add("Content-Type: application/json");
    lines.addAll(List.of(headers));
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
    socket.getOutputStream().flush();
  }

  /** A client that is turned away while it still writes can't read why, and so begins anew. */
  private SSLSocket startOfALargeBody() throws IOException {
    for (int tries = 1; ; tries++) {
      SSLSocket socket = tls("TLSv1.3");
      try {
        write(socket, head("Content-Length: 7000000") + " ".repeat(100_000));
        return socket;
      } catch (SocketException e) {
        if (tries == 20) {
          throw e;
        }
      }
    }
  }

  private void assertStatus(int status, String request) throws IOException {
    SSLSocket socket = tls("TLSv1.3");
    write(socket, request);
    String answer = rest(socket);
    assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    assertTrue(!answer.contains("<html") && !answer.contains("\tat "), answer);
  }

  /** Whether the server has closed a connection on which it has said nothing. */
  private static boolean isClosed(Socket socket) {
    try {
      socket.setSoTimeout(1);
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** What comes until the server closes the connection, in whichever way. */
  private static String rest(Socket socket) {
    StringBuilder text = new StringBuilder();
    try {
      InputStream input = socket.getInputStream();
      for (int next = input.read(); next >= 0; next = input.read()) {
        text.append((char) next);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("still open, after: " + text, e);
    } catch (IOException e) {
      return text.toString();
    }
    return text.toString();
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("https"))
        .count();
  }

  private static long usedMemory() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
