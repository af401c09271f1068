package io.netservice.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.netservice.http.ApiClient;
import io.netservice.http.ApiServer;
import io.netservice.http.WriteGate;
import io.netservice.network.NetworkName;
import io.netservice.webhook.admission.LookupException;
import io.netservice.webhook.admission.ServiceLookup.FoundService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Looking up at something that stands where the API server would. */
class ApiServerLookupTest {

  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private HttpServer server;
  private ApiClient client;
  private ApiServerLookup lookup;
  private volatile int code = 200;
  private volatile String body = "{}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    client =
        new ApiClient(
            new ApiServer(new ConfigBuilder().withMasterUrl(url).build()),
            1,
            ApiServerLookup.TIMEOUT,
            WriteGate.OPEN,
            timer);
    lookup = new ApiServerLookup(client);
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
    timer.shutdownNow();
  }

  @Test
  void serviceIsKnownByItsController() throws Exception {
    body =
        """
        {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": {
          "name": "db", "namespace": "shop", "ownerReferences": [
            {"apiVersion": "v1", "kind": "ConfigMap", "name": "other", "uid": "1"},
            {"apiVersion": "netservice.cni.cncf.io/v1alpha1", "kind": "NetService", "name": "db",
             "uid": "2", "controller": true, "blockOwnerDeletion": true}]}}
        """;
    FoundService found = lookup.find("shop", "db").orElseThrow();
    assertEquals("GET /api/v1/namespaces/shop/services/db", asked.take());
    OwnerReference controller = found.controller().orElseThrow();
    assertEquals("NetService", controller.getKind());
    assertEquals("2", controller.getUid());
  }

  @Test
  void serviceOfNobodyHasNoController() throws Exception {
    body = "{\"metadata\": {\"name\": \"db\"}}";
    assertTrue(lookup.find("shop", "db").orElseThrow().controller().isEmpty());
  }

  @Test
  void whatIsNotFoundIsNotThere() throws Exception {
    code = 404;
    assertTrue(lookup.find("shop", "db").isEmpty());
    assertFalse(lookup.exists(new NetworkName("networks", "core.a")));
    assertEquals("GET /api/v1/namespaces/shop/services/db", asked.take());
    assertEquals(
        "GET /apis/k8s.cni.cncf.io/v1/namespaces/networks/network-attachment-definitions/core%2Ea",
        asked.take());
  }

  @Test
  void networkThatIsFoundExists() throws Exception {
    assertTrue(lookup.exists(new NetworkName("networks", "core")));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"403,{}", "500,{}", "200,moved"})
  void answerThatTellsNothingIsAFailure(int status, String text) {
    code = status;
    body = text;
    LookupException failure = assertThrows(LookupException.class, () -> lookup.find("shop", "db"));
    assertEquals("get Service shop/db", failure.getMessage());
  }

  @Test
  void namespaceAsItWasSentIsOneStepOfThePath() throws Exception {
    code = 404;
    assertTrue(lookup.find("../../x y?a#", "db").isEmpty());
    assertEquals("GET /api/v1/namespaces/%2E%2E%2F%2E%2E%2Fx%20y%3Fa%23/services/db", asked.take());
  }
}
