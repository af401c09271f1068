package io.netservice.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netservice.network.NamespaceIsolation;
import io.netservice.webhook.admission.AdmissionHandler;
import io.netservice.webhook.tls.CertificateWatcher;
import io.netservice.webhook.tls.Overdue;
import io.netservice.webhook.tls.TestCertificate;
import io.prometheus.client.CollectorRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server over real HTTPS, on a port that the kernel picks. */
class WebhookServerTest {

  private static final TestCertificate FIRST = TestCertificate.of("first", "EC");
  private static final TestCertificate SECOND = TestCertificate.of("second", "EC");
  private static final String JSON = "application/json";

  @TempDir private Path directory;

  /** Counted down by a request that looks for the Service; then it waits for {@link #goOn}. */
  private CountDownLatch asked;

  private CountDownLatch goOn;
  private WebhookServer server;
  private CertificateWatcher certificates;

  @BeforeEach
  void start() throws IOException {
    asked = new CountDownLatch(1);
    goOn = new CountDownLatch(0);
    server =
        WebhookServer.start(
            "127.0.0.1",
            0,
            AdmissionHandler.mutating(),
            AdmissionHandler.validating(
                (namespace, name) -> {
                  asked.countDown();
                  await(goOn);
                  return Optional.empty();
                },
                network -> false,
                NamespaceIsolation.off(),
                Set.of()));
    certificates =
        new CertificateWatcher(
            directory.resolve("tls.crt"),
            directory.resolve("tls.key"),
            Duration.ofMillis(10),
            server::use,
            new Overdue(Clock.systemUTC(), warning -> {}));
  }

  @AfterEach
  void stop() {
    certificates.close();
    server.close();
  }

  // Requests

  @Test
  void anObjectIsPatched() throws Exception {
    serve(FIRST);

    HttpResponse<String> answer = post("/mutate", JSON, review());

    assertEquals(200, answer.statusCode());
    assertEquals(JSON, answer.headers().firstValue("Content-Type").orElse(""));
    JsonNode response = new ObjectMapper().readTree(answer.body()).path("response");
    assertTrue(response.path("allowed").asBoolean());
    assertTrue(new String(response.path("patch").binaryValue(), UTF_8).contains("\"shop/core\""));
  }

  @Test
  void anObjectIsValidated() throws Exception {
    serve(FIRST);
    double before = requests("validate", "CREATE", "allowed");

    HttpResponse<String> answer = post("/validate", "Application/JSON; charset=utf-8", review());

    assertEquals(200, answer.statusCode());
    assertEquals(
        "spec.netAttachDef: \"shop/core\": there is no such NetworkAttachmentDefinition",
        new ObjectMapper().readTree(answer.body()).at("/response/warnings/0").asText());
    assertEquals(before + 1, requests("validate", "CREATE", "allowed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mutate", "/validate"})
  void whatIsNoReviewIsABadRequestAndTheServerGoesOn(String path) throws Exception {
    serve(FIRST);

    assertLine(400, "not JSON: Unrecognized token", post(path, JSON, bytes("hello")));
    assertLine(
        400, "must be an AdmissionReview of admission.k8s.io/v1", post(path, JSON, bytes("{}")));
    assertLine(400, "must be an AdmissionReview", post(path, JSON, bytes("")));
    assertLine(400, "not JSON: ", post(path, JSON, bytes("[".repeat(100_000))));
    assertEquals(200, post(path, JSON, review()).statusCode());
  }

  @ParameterizedTest
  @CsvSource({"text/plain", "application/jsonx", "application/yaml", "''"})
  void otherContentTypesAreRefused(String contentType) throws Exception {
    serve(FIRST);

    assertLine(
        415, "Content-Type must be application/json", post("/validate", contentType, review()));
  }

  @Test
  void aBodyOfSevenMebibytesIsReadAndOneByteMoreIsNot() throws Exception {
    serve(FIRST);
    byte[] largest = bytes(" ".repeat((7 << 20) - 2) + "{}");
    byte[] tooLarge = bytes(" ".repeat((7 << 20) - 1) + "{}");

    assertLine(400, "must be an AdmissionReview", post("/mutate", JSON, largest));
    assertLine(413, "the body must have at most 7340032 bytes", post("/mutate", JSON, tooLarge));
    assertEquals(200, post("/mutate", JSON, review()).statusCode());
  }

  @Test
  void aBodyOfUndeclaredLengthIsBoundedToo() throws Exception {
    serve(FIRST);
    byte[] tooLarge = bytes(" ".repeat(7 << 20) + "{}");

    HttpRequest.Builder chunked =
        request("/mutate")
            .header("Content-Type", JSON)
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge)));

    assertLine(413, "the body must have at most 7340032 bytes", send(chunked));
  }

  @Test
  void otherPathsAndMethodsAreRefusedInPlainText() throws Exception {
    serve(FIRST);

    assertLine(404, "not found", send(request("/").GET()));
    assertLine(404, "not found", send(request("/mutate/x").POST(BodyPublishers.noBody())));
    assertLine(405, "method not allowed", send(request("/mutate").GET()));
    assertLine(405, "method not allowed", send(request("/validate").DELETE()));
  }

  @Test
  void aRequestThatIsNoHttpIsRefusedInPlainText() throws Exception {
    serve(FIRST);

    try (SSLSocket socket = connect("TLSv1.3")) {
      socket.getOutputStream().write(bytes("nonsense\r\n\r\n"));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
      assertFalse(answer.contains("<html") || answer.contains("Jetty"), answer);
    }
  }

  @Test
  void aRequestUnderWayIsFinishedWhenTheServerStops() throws Exception {
    serve(FIRST);
    goOn = new CountDownLatch(1);
    CompletableFuture<HttpResponse<String>> answer =
        client(FIRST)
            .sendAsync(
                request("/validate")
                    .header("Content-Type", JSON)
                    .POST(BodyPublishers.ofByteArray(review()))
                    .build(),
                BodyHandlers.ofString());
    await(asked);

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
    waitFor(this::refusesConnections);
    assertFalse(stopped.isDone());
    goOn.countDown();

    assertEquals(200, answer.get(10, TimeUnit.SECONDS).statusCode());
    stopped.get(10, TimeUnit.SECONDS);
  }

  // TLS

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void currentVersionsOfTlsAreSpoken(String version) throws Exception {
    serve(FIRST);

    try (SSLSocket socket = connect(version)) {
      assertEquals(version, socket.getSession().getProtocol());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1", "TLSv1.1"})
  void oldVersionsOfTlsAreRefused(String version) {
    serve(FIRST);

    SSLException refused = assertThrows(SSLException.class, () -> connect(version).close());
    assertTrue(refused.getMessage().contains("protocol_version"), refused.getMessage());
  }

  @Test
  void withoutFilesTheServerWaitsAndIsNotReady() throws Exception {
    certificates.start();

    assertTrue(
        certificates.notReady().orElse("").endsWith("tls.crt does not exist"),
        certificates.notReady()::toString);
    assertThrows(SSLHandshakeException.class, () -> post("/mutate", JSON, review()));

    FIRST.write(directory);
    waitFor(() -> certificates.notReady().isEmpty());
    assertEquals(200, post("/mutate", JSON, review()).statusCode());
  }

  @Test
  void aNewCertificateIsServedWithoutBreakingAConnection() throws Exception {
    serve(FIRST);
    HttpClient kept = client(FIRST);
    assertEquals(200, kept.send(mutateRequest(), BodyHandlers.ofString()).statusCode());

    SECOND.write(directory);
    waitFor(() -> served().equals(SECOND.certificate()));

    // Trusts only the first certificate: it can't have connected anew.
    assertEquals(200, kept.send(mutateRequest(), BodyHandlers.ofString()).statusCode());
    assertEquals(200, client(SECOND).send(mutateRequest(), BodyHandlers.ofString()).statusCode());
    assertEquals(
        (double) SECOND.certificate().getNotAfter().toInstant().getEpochSecond(),
        sample("netservice_webhook_certificate_expiry_timestamp_seconds"));
  }

  @Test
  void aBrokenPairKeepsTheOldCertificate() throws Exception {
    serve(FIRST);
    double errors = sample("netservice_webhook_certificate_read_errors_total");

    Files.write(directory.resolve("tls.crt"), SECOND.certificatePem());
    waitFor(() -> sample("netservice_webhook_certificate_read_errors_total") == errors + 1);

    assertEquals(FIRST.certificate(), served());
    assertTrue(certificates.notReady().isEmpty());

    Files.delete(directory.resolve("tls.key"));
    waitFor(() -> sample("netservice_webhook_certificate_read_errors_total") == errors + 2);
    assertEquals(FIRST.certificate(), served());

    SECOND.write(directory);
    waitFor(() -> served().equals(SECOND.certificate()));
  }

  private void serve(TestCertificate certificate) {
    certificate.write(directory);
    certificates.start();
    assertEquals(Optional.empty(), certificates.notReady());
  }

  private Certificate served() {
    try (SSLSocket socket = connect("TLSv1.3")) {
      return socket.getSession().getPeerCertificates()[0];
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private SSLSocket connect(String version) throws IOException {
    SSLContext context = TestCertificate.trusting(FIRST, SECOND);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
    try {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private boolean refusesConnections() {
    try {
      connect("TLSv1.3").close();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static HttpClient client(TestCertificate... trusted) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(TestCertificate.trusting(trusted))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpRequest mutateRequest() {
    return request("/mutate")
        .header("Content-Type", JSON)
        .POST(BodyPublishers.ofByteArray(review()))
        .build();
  }

  private HttpResponse<String> post(String path, String contentType, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).POST(BodyPublishers.ofByteArray(body));
    return send(contentType.isEmpty() ? request : request.header("Content-Type", contentType));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client(FIRST, SECOND).send(request.build(), BodyHandlers.ofString());
  }

  private static void assertLine(int status, String beginning, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertTrue(answer.body().startsWith(beginning), answer.body());
    assertEquals(1, answer.body().lines().count(), answer.body());
    assertTrue(
        answer.headers().firstValue("Content-Type").orElse("").startsWith("text/plain"),
        answer.headers()::toString);
  }

  private static byte[] review() {
    try (InputStream file = WebhookServerTest.class.getResourceAsStream("/reviews/create.json")) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static double requests(String... labels) {
    Double count =
        CollectorRegistry.defaultRegistry.getSampleValue(
            "netservice_webhook_admission_requests_total",
            new String[] {"webhook", "operation", "result"},
            labels);
    return count == null ? 0 : count;
  }

  private static double sample(String name) {
    return CollectorRegistry.defaultRegistry.getSampleValue(name);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void waitFor(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited for 20 s");
      Thread.sleep(10);
    }
  }
}
