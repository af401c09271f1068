package io.netservice.deploy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netservice.bench.subject.SelfSigned;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A crowd of connections that mean harm, at a webhook that is started as in its image: what it
 * costs, and how long those wait who mean well. {@code -Dhostile.connections=10000} makes the crowd
 * larger than its default; the figures are printed.
 */
class HostileIT {

  private static final int CROWD = Integer.getInteger("hostile.connections", 1000);

  /** How many new connections of those who mean well are to be served. */
  private static final int REQUESTS = 40;

  private static final int WARM_UP = 200;

  /** By when everybody is served again. */
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final Path REVIEW = Path.of("../webhook/src/test/resources/reviews/create.json");

  /** What the crowd may cost, whichever its size. */
  private static final long GROWTH_KB = 64 << 10;

  private static final int THREADS = 120;

  /** As long as an API server waits. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A record of a TLS handshake of 508 bytes, of which most never come (RFC 8446, 5.1). */
  private static final byte[] HALF_A_HANDSHAKE = {0x16, 3, 1, 1, (byte) 0xfc, 1, 0, 1};

  @TempDir private Path folder;

  private SSLContext trusting;
  private JarProcess webhook;
  private int port;
  private int statusPort;

  @BeforeEach
  void start() throws Exception {
    SelfSigned tls = SelfSigned.make(folder);
    trusting = Tls.trusting(tls.certificate());
    // Nobody listens there, and nobody is asked: to complete a NetService takes no look at others.
    Path kubeconfig =
        Files.writeString(
            folder.resolve("kubeconfig"),
            """
            clusters: [{name: a, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: a, user: {}}]
            contexts: [{name: a, context: {cluster: a, user: a}}]
            current-context: a
            """);
    webhook = JarProcess.startWebhook(kubeconfig, tls.certificate(), tls.key());
    webhook.awaitLine("serving with the certificate of ");
    port = Integer.parseInt(webhook.awaitLine("serving https on ").replaceAll(".*:", ""));
    statusPort = Integer.parseInt(webhook.statusAddress().replaceAll(".*:", ""));
  }

  @AfterEach
  void stop() throws InterruptedException {
    webhook.kill();
  }

  @Test
  void silentCrowdAtTheWebhook() throws Exception {
    crowd("silent, at the webhook", port, new byte[0]);
  }

  @Test
  void crowdWithHalfAHandshakeAtTheWebhook() throws Exception {
    crowd("half a handshake each, at the webhook", port, HALF_A_HANDSHAKE);
  }

  @Test
  void crowdWithHalfARequestAtTheStatusPort() throws Exception {
    crowd(
        "half a request each, at the status port", statusPort, "GET /livez HT".getBytes(US_ASCII));
  }

  private void crowd(String what, int at, byte[] says) throws Exception {
    boolean status = at == statusPort;
    HttpClient keeps = client();
    for (int i = 0; i < WARM_UP; i++) {
      ask(keeps, status);
    }
    long before = webhook.kernel("VmRSS");
    List<Duration> kept = new ArrayList<>();
    List<Duration> anew = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    long most = before;
    long threads = 0;
    long began = System.nanoTime();
    Duration served;
    try (Crowd crowd = new Crowd(at, CROWD, says)) {
      do {
        time(kept, failures, () -> ask(keeps, status));
        time(anew, refused, () -> ask(client(), status));
        most = Math.max(most, webhook.kernel("VmRSS"));
        threads = Math.max(threads, webhook.kernel("Threads"));
        served = Duration.ofNanos(System.nanoTime() - began);
      } while ((anew.size() < REQUESTS || crowd.closed() == 0) && served.compareTo(SOON) < 0);
      System.out.printf(
          "%d connections, %s: %d closed after %.1f s; kept connections: %s; new ones: %s, %d refused;"
              + " resident %d MB before, %d MB at most; %d threads%n",
          CROWD,
          what,
          crowd.closed(),
          served.toMillis() / 1e3,
          told(kept),
          told(anew),
          refused.size(),
          before >> 10,
          most >> 10,
          threads);
      assertEquals("", crowd.failure());
      assertTrue(crowd.closed() > 0, "it was no crowd");
    }
    assertEquals(List.of(), failures);
    assertTrue(anew.size() >= REQUESTS, "new ones, of which there were refused: " + refused);
    assertTrue(most - before < GROWTH_KB, "resident kB: " + before + ", then " + most);
    assertTrue(threads < THREADS, "threads: " + threads);
  }

  private static String told(List<Duration> times) {
    List<Duration> sorted = times.stream().sorted().toList();
    return sorted.isEmpty()
        ? "none answered"
        : "%d answered, %d ms in the middle, %d ms at most"
            .formatted(
                sorted.size(),
                sorted.get(sorted.size() / 2).toMillis(),
                sorted.get(sorted.size() - 1).toMillis());
  }

  private interface Request {
    /** The status of the answer. */
    int send() throws IOException, InterruptedException;
  }

  private static void time(List<Duration> times, List<String> failures, Request request)
      throws InterruptedException {
    long began = System.nanoTime();
    try {
      int status = request.send();
      if (status == 200) {
        times.add(Duration.ofNanos(System.nanoTime() - began));
      } else {
        failures.add("" + status);
      }
    } catch (IOException e) {
      failures.add(e.toString());
    }
  }

  private HttpClient client() {
    return HttpClient.newBuilder()
        .sslContext(trusting)
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(PATIENCE)
        .build();
  }

  private int ask(HttpClient client, boolean status) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        status
            ? HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + statusPort + "/livez"))
            : HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/mutate"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofFile(REVIEW));
    return client.send(request.timeout(PATIENCE).build(), BodyHandlers.discarding()).statusCode();
  }
}
