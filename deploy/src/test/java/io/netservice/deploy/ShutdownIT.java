package io.netservice.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.netservice.bench.subject.SelfSigned;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the programs do when Kubernetes tells them to stop, which is by SIGTERM. */
class ShutdownIT {

  /** 128 + SIGTERM, the exit code of a JVM that was told to stop and whose hooks have run. */
  private static final int TERMINATED = 143;

  @TempDir private Path folder;

  @Test
  void syncerStopsInOrder() throws Exception {
    JarProcess stopped = Cluster.get().replaceSyncer();
    assertStoppedInOrder(stopped);
  }

  @Test
  void syncerStopsWhileTheApiServerDoesNotAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      JarProcess syncer =
          JarProcess.start(
              "syncer",
              "--kubeconfig",
              kubeconfig(silent.getLocalPort()).toString(),
              "--bind-address",
              "127.0.0.1",
              "--metrics-port",
              "0");
      // Whose request waits for an answer from now on.
      silent.setSoTimeout(60_000);
      try (Socket asking = silent.accept()) {
        assertTrue(asking.getInputStream().read() >= 0);
        syncer.awaitLine("watching the cluster at ");
        syncer.stop();
        assertStoppedInOrder(syncer);
      }
    }
  }

  @Test
  void webhookAnswersWhatIsUnderWayAndStops() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpServer apiServer =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    apiServer.setExecutor(threads);
    apiServer.createContext(
        "/",
        exchange -> {
          asked.countDown();
          byte[] notFound =
              "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"reason\":\"NotFound\",\"code\":404}"
                  .getBytes(UTF_8);
          try (exchange) {
            goOn.await();
            exchange.sendResponseHeaders(404, notFound.length);
            exchange.getResponseBody().write(notFound);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    apiServer.start();
    SelfSigned tls = SelfSigned.make(folder);
    JarProcess webhook =
        JarProcess.startWebhook(
            kubeconfig(apiServer.getAddress().getPort()), tls.certificate(), tls.key());
    try {
      int port =
          Integer.parseInt(webhook.awaitLine("serving https on ").replaceAll(".*127.0.0.1:", ""));
      CompletableFuture<HttpResponse<String>> answer = validate(tls, port);
      assertTrue(asked.await(60, TimeUnit.SECONDS), webhook::output);

      webhook.askToStop();
      Await.until("no more connections are taken", () -> refuses(port));
      assertTrue(webhook.isAlive(), "it stopped without an answer to what was under way");
      goOn.countDown();

      HttpResponse<String> answered = answer.get(60, TimeUnit.SECONDS);
      assertEquals(200, answered.statusCode(), answered::body);
      assertTrue(answered.body().contains("\"allowed\":true"), answered::body);
      assertStoppedInOrder(webhook);
    } finally {
      goOn.countDown();
      webhook.kill();
      apiServer.stop(0);
      threads.shutdownNow();
    }
  }

  /** Clients are as the API server, which keeps connections open and does not ask twice. */
  @Test
  void webhookThatDrainsAnswersEverythingAndSendsClientsAway() throws Exception {
    SelfSigned tls = SelfSigned.make(folder);
    JarProcess webhook =
        JarProcess.startWebhook(kubeconfig(1), tls.certificate(), tls.key(), "--drain-delay", "2m");
    ExecutorService clients = Executors.newCachedThreadPool();
    try {
      int port =
          Integer.parseInt(webhook.awaitLine("serving https on ").replaceAll(".*127.0.0.1:", ""));
      SSLContext trusting = Tls.trusting(tls.certificate());
      Await.until("TLS is spoken", () -> handshakes(trusting, port));
      List<Future<List<String>>> told = new ArrayList<>();
      AtomicInteger answered = new AtomicInteger();
      AtomicBoolean leadsElsewhere = new AtomicBoolean();
      for (int i = 0; i < 4; i++) {
        told.add(clients.submit(() -> askUntilSentAway(trusting, port, answered, leadsElsewhere)));
      }
      Await.until("requests are answered", () -> answered.get() > 40);
      assertEquals("ok\n", webhook.page("/readyz"));

      webhook.askToStop();
      Await.equal("readiness", "stopping\n", () -> webhook.page("/readyz"));
      int before = answered.get();
      Await.until("it goes on serving", () -> answered.get() > before + 40);
      leadsElsewhere.set(true); // The Service, for whoever connects from now on.
      for (Future<List<String>> each : told) {
        assertEquals(List.of(), each.get(60, TimeUnit.SECONDS));
      }
      assertTrue(webhook.isAlive(), webhook::output);
    } finally {
      webhook.kill();
      clients.shutdownNow();
    }
  }

  /** Asks over and over, until another connection would lead elsewhere; gives what went wrong. */
  private static List<String> askUntilSentAway(
      SSLContext trusting, int port, AtomicInteger answered, AtomicBoolean leadsElsewhere)
      throws InterruptedException {
    HttpClient client =
        HttpClient.newBuilder().sslContext(trusting).version(HttpClient.Version.HTTP_1_1).build();
    while (true) {
      try {
        HttpResponse<String> answer = client.send(review(port), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
          return List.of(answer.statusCode() + " " + answer.body());
        }
        answered.incrementAndGet();
        if (leadsElsewhere.get() && answer.headers().allValues("Connection").contains("close")) {
          return List.of();
        }
      } catch (IOException e) {
        return List.of(e.toString());
      }
    }
  }

  private static void assertStoppedInOrder(JarProcess program) throws InterruptedException {
    assertEquals(TERMINATED, program.awaitStop());
    String output = program.output();
    assertTrue(output.contains("stopping"), output);
    assertFalse(output.contains("could not stop") || output.contains("stopping failed"), output);
  }

  /** A kubeconfig of an API server on loopback without TLS. */
  private Path kubeconfig(int port) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        {"apiVersion": "v1", "kind": "Config", "current-context": "it",
         "clusters": [{"name": "it", "cluster": {"server": "http://127.0.0.1:%d"}}],
         "users": [{"name": "it", "user": {}}],
         "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}]}
        """
            .formatted(port));
  }

  /** Asks as the API server does. Tried until the certificate is served. */
  private static CompletableFuture<HttpResponse<String>> validate(SelfSigned tls, int port)
      throws IOException, GeneralSecurityException {
    SSLContext trusting = Tls.trusting(tls.certificate());
    Await.until("TLS is spoken", () -> handshakes(trusting, port));
    return HttpClient.newBuilder()
        .sslContext(trusting)
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .sendAsync(review(port), BodyHandlers.ofString());
  }

  private static HttpRequest review(int port) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/validate"))
        .header("Content-Type", "application/json")
        .POST(
            BodyPublishers.ofString(
                """
                        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
                         "request": {"uid": "u-1", "operation": "CREATE",
                          "namespace": "shop", "name": "db",
                          "kind": {"group": "netservice.cni.cncf.io", "version": "v1alpha1",
                           "kind": "NetService"},
                          "object": {"apiVersion": "netservice.cni.cncf.io/v1alpha1",
                           "kind": "NetService",
                           "metadata": {"name": "db", "namespace": "shop"},
                           "spec": {"netAttachDef": "shop/core", "selector": {"app": "db"}}}}}
                        """))
        .build();
  }

  private static boolean handshakes(SSLContext context, int port) {
    try (Socket socket =
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      ((SSLSocket) socket).startHandshake();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean refuses(int port) {
    try {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
