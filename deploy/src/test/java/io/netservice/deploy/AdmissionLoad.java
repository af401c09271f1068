package io.netservice.deploy;

import io.netservice.bench.cluster.Https;
import io.netservice.bench.cluster.SteadyRate;
import io.netservice.controlplane.ControlPlane;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that write a NetService at a fixed rate; who is late catches up. Nothing is stored, but
 * both webhooks have to agree, and the network has to come back as the webhook completes it.
 */
final class AdmissionLoad implements AutoCloseable {

  /** Each has one request under way on a connection that it keeps. */
  private static final int CLIENTS = 16;

  /** A JVM that has just started would be a load test of its compiler. */
  private static final int WARM_UP = 500;

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient client;
  private final HttpRequest request;
  private final SteadyRate rate;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger admitted = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /** Writes {@code netService} in namespace default, which exists. */
  AdmissionLoad(ControlPlane controlPlane, String netService, int perSecond)
      throws IOException, GeneralSecurityException, InterruptedException {
    client = Https.client(controlPlane.folder().resolve("kube-apiserver/apiserver.crt"));
    request =
        HttpRequest.newBuilder(
                URI.create(
                    controlPlane.server()
                        + "/apis/netservice.cni.cncf.io/v1alpha1/namespaces/default/netservices/"
                        + netService
                        + "?dryRun=All"))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + controlPlane.token())
            .header("Content-Type", "application/merge-patch+json")
            .method("PATCH", BodyPublishers.ofString("{\"spec\":{\"netAttachDef\":\"core\"}}"))
            .build();
    for (int i = 0; i < WARM_UP; i++) {
      client.send(request, BodyHandlers.discarding());
    }
    rate = SteadyRate.start(CLIENTS, perSecond, this::send);
  }

  private void send() {
    sent.incrementAndGet();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() == 200
          && answer.body().contains("\"netAttachDef\":\"default/core\"")) {
        admitted.incrementAndGet();
      } else {
        failures.add(answer.statusCode() + " " + answer.body());
      }
    } catch (IOException e) {
      failures.add(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failures.add(e.toString());
    }
  }

  int sent() {
    return sent.get();
  }

  int admitted() {
    return admitted.get();
  }

  /** What went wrong, in the words of who refused. */
  Queue<String> failures() {
    return failures;
  }

  /** Sends no more, and waits for the answers that are still to come. */
  void end() throws InterruptedException {
    rate.end();
  }

  @Override
  public void close() {
    rate.stop();
  }
}
