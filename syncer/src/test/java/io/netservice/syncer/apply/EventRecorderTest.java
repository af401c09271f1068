package io.netservice.syncer.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.netservice.api.Condition;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceStatus;
import io.netservice.api.Reason;
import io.netservice.http.ApiClient;
import io.netservice.http.ApiServer;
import io.netservice.http.WriteGate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The requests that come of conditions; the order of answers is the order of requests. */
class EventRecorderTest {

  private final ObjectMapper json = new ObjectMapper();
  private final List<String> requests = new ArrayList<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private HttpServer server;
  private ApiClient client;
  private EventRecorder recorder;
  private int nextCode = 200;
  private final NetService owner = new NetService();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    client =
        new ApiClient(
            new ApiServer(
                new ConfigBuilder()
                    .withAutoConfigure(false)
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .build()),
            1,
            Duration.ofSeconds(30),
            WriteGate.OPEN,
            timer);
    recorder = new EventRecorder(client);
    owner.getMetadata().setNamespace("shop");
    owner.getMetadata().setName("db");
    owner.getMetadata().setUid("uid-db");
  }

  @AfterEach
  void stop() {
    client.close();
    timer.shutdownNow();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode event = json.readTree(exchange.getRequestBody());
    synchronized (requests) {
      requests.add(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI().getPath().replaceAll("db\\.[0-9a-f]+$", "db.*")
              + " "
              + event.path("type").asText("-")
              + " "
              + event.path("reason").asText("-")
              + " "
              + event.path("count")
              + " "
              + event.path("message").asText());
    }
    byte[] body = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(nextCode, body.length);
    nextCode = 200;
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** The status is written, and these requests come of it. */
  private void written(List<String> expected, Condition... conditions) {
    requests.clear();
    NetServiceStatus status = new NetServiceStatus(1L, Arrays.asList(conditions), null, null);
    recorder.written(owner, status);
    owner.setStatus(status);
    assertEquals(expected, requests);
  }

  private static Condition is(Reason reason) {
    return is(reason, "words");
  }

  private static Condition is(Reason reason, String message) {
    return Condition.of(reason, message, "2026-01-01T00:00:00Z", 1);
  }

  private static List<String> created(String type, Reason reason) {
    return List.of("POST /api/v1/namespaces/shop/events " + type + " " + reason + " 1 words");
  }

  private static List<String> counted(int count) {
    return List.of("PATCH /api/v1/namespaces/shop/events/db.* - - " + count + " words");
  }

  @Test
  void whatGoesWellFromTheFirstIsNoEvent() {
    written(List.of(), is(Reason.NO_MATCHING_PODS));
    written(List.of(), is(Reason.NO_ADDRESS_ON_NETWORK));
    written(List.of(), is(Reason.PUBLISHED));
    written(List.of(), is(Reason.PUBLISHED, "other words"));
  }

  @Test
  void whatNeedsAPersonIsToldOnceAndThatItIsOver() {
    written(created("Warning", Reason.SERVICE_CONFLICT), is(Reason.SERVICE_CONFLICT));
    written(List.of(), is(Reason.SERVICE_CONFLICT, "other words"));
    written(created("Normal", Reason.PUBLISHED), is(Reason.PUBLISHED));
    written(List.of(), is(Reason.NO_MATCHING_PODS));
  }

  @Test
  void anotherSyncerDoesNotTellAgainWhatTheStatusSays() {
    written(created("Warning", Reason.WRITE_FAILED), is(Reason.WRITE_FAILED));
    recorder = new EventRecorder(client);
    written(List.of(), is(Reason.WRITE_FAILED, "other words"));
  }

  @Test
  void degradedHasEventsOfItsOwn() {
    written(created("Warning", Reason.PODS_SKIPPED), is(Reason.PUBLISHED), is(Reason.PODS_SKIPPED));
    written(List.of(), is(Reason.PUBLISHED), is(Reason.PODS_SKIPPED, "other words"));
    written(
        created("Normal", Reason.ALL_PODS_USABLE),
        is(Reason.PUBLISHED),
        is(Reason.ALL_PODS_USABLE));
  }

  @Test
  void whatComesBackRaisesTheCount() {
    written(created("Warning", Reason.NETWORK_NOT_FOUND), is(Reason.NETWORK_NOT_FOUND));
    written(created("Normal", Reason.NO_MATCHING_PODS), is(Reason.NO_MATCHING_PODS));
    written(counted(2), is(Reason.NETWORK_NOT_FOUND));
    written(counted(2), is(Reason.NO_MATCHING_PODS));
    written(counted(3), is(Reason.NETWORK_NOT_FOUND));
  }

  @Test
  void eventThatHasGoneIsMadeAnew() {
    written(created("Warning", Reason.NETWORK_NOT_FOUND), is(Reason.NETWORK_NOT_FOUND));
    written(created("Normal", Reason.PUBLISHED), is(Reason.PUBLISHED));
    nextCode = 404;
    List<String> expected = new ArrayList<>(counted(2));
    expected.addAll(created("Warning", Reason.NETWORK_NOT_FOUND));
    written(expected, is(Reason.NETWORK_NOT_FOUND));
  }

  @Test
  void eventThatIsRefusedIsNotMissed() {
    nextCode = 403;
    written(created("Warning", Reason.NETWORK_NOT_FOUND), is(Reason.NETWORK_NOT_FOUND));
    written(created("Normal", Reason.PUBLISHED), is(Reason.PUBLISHED));
  }
}
