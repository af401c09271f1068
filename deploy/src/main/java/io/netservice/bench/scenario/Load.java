package io.netservice.bench.scenario;

import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.cluster.Https;
import io.netservice.bench.report.Distribution;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * AdmissionReviews at a steady rate, whether answers come or not. A time counts from the moment the
 * request was due: a server that stalls is not spared the requests that it kept from being sent.
 */
final class Load {

  /** What came back: times in milliseconds, and how many answers were missing or not 200. */
  record Answers(Distribution times, int failed) {}

  /** More than API servers keep open to one webhook, less than would be a test of handshakes. */
  private static final int CONNECTIONS = 16;

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** How long a server that can't keep up is waited for. */
  private static final Duration OVERTIME = Duration.ofSeconds(20);

  private final HttpClient client;
  private final List<HttpRequest> requests;
  private final long intervalNanos;

  /** Requests to the webhook on {@code port} of loopback. */
  Load(int port, Path authority, int perSecond) {
    try {
      client = Https.client(authority);
    } catch (IOException | GeneralSecurityException e) {
      throw new BenchException("the webhook's certificate can't be trusted: " + e, e);
    }
    requests =
        List.of("mutate", "validate").stream()
            .map(path -> request("https://127.0.0.1:" + port + "/" + path))
            .toList();
    intervalNanos = 1_000_000_000L / perSecond;
  }

  Answers run(Duration duration) throws InterruptedException {
    Collection<Double> times = new ConcurrentLinkedQueue<>();
    AtomicInteger next = new AtomicInteger();
    int count = (int) (duration.toNanos() / intervalNanos);
    long start = System.nanoTime();
    long end = start + duration.plus(OVERTIME).toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int number = next.getAndIncrement();
                    number < count && System.nanoTime() < end;
                    number = next.getAndIncrement()) {
                  send(number, start + number * intervalNanos, times);
                }
              },
              "load-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return new Answers(Distribution.of(times), count - times.size());
  }

  private void send(int number, long due, Collection<Double> times) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    try {
      long[] answered = new long[1];
      HttpResponse<Void> response =
          client.send(
              requests.get(number % requests.size()),
              info -> {
                answered[0] = System.nanoTime();
                return BodySubscribers.replacing(null);
              });
      if (response.statusCode() == 200) {
        times.add(Changes.milliseconds(answered[0] - due));
      }
    } catch (IOException e) {
      // Not among the times, so counted as failed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpRequest request(String url) {
    return HttpRequest.newBuilder(URI.create(url))
        .timeout(TIMEOUT)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(REVIEW))
        .build();
  }

  /** A creation by kubectl as an API server sends it. */
  private static final String REVIEW =
      """
      {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{
      "uid":"0b4a1f0c-3a60-4c8c-8f63-6b1f7b0f5a2d",
      "kind":{"group":"netservice.cni.cncf.io","version":"v1alpha1","kind":"NetService"},
      "resource":{"group":"netservice.cni.cncf.io","version":"v1alpha1","resource":"netservices"},
      "requestKind":{"group":"netservice.cni.cncf.io","version":"v1alpha1","kind":"NetService"},
      "requestResource":{"group":"netservice.cni.cncf.io","version":"v1alpha1","resource":"netservices"},
      "name":"db","namespace":"networks","operation":"CREATE",
      "userInfo":{"username":"kubernetes-admin","groups":["kubeadm:cluster-admins","system:authenticated"]},
      "object":{"apiVersion":"netservice.cni.cncf.io/v1alpha1","kind":"NetService",
      "metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\\"apiVersion\\":\\"netservice.cni.cncf.io/v1alpha1\\",\\"kind\\":\\"NetService\\",\\"metadata\\":{\\"annotations\\":{},\\"name\\":\\"db\\",\\"namespace\\":\\"networks\\"},\\"spec\\":{\\"netAttachDef\\":\\"core\\",\\"selector\\":{\\"app\\":\\"db\\"}}}\\n"},
      "creationTimestamp":"2026-11-01T09:15:04Z","generation":1,
      "managedFields":[{"apiVersion":"netservice.cni.cncf.io/v1alpha1","fieldsType":"FieldsV1",
      "fieldsV1":{"f:metadata":{"f:annotations":{".":{},"f:kubectl.kubernetes.io/last-applied-configuration":{}}},
      "f:spec":{".":{},"f:netAttachDef":{},"f:publishNotReadyAddresses":{},"f:selector":{".":{},"f:app":{}},"f:type":{}}},
      "manager":"kubectl-client-side-apply","operation":"Update","time":"2026-11-01T09:15:04Z"}],
      "name":"db","namespace":"networks","uid":"5d2e3c3f-6f4a-4f1e-9c1b-2f0a9d6f7e11"},
      "spec":{"netAttachDef":"core","publishNotReadyAddresses":false,"selector":{"app":"db"},"type":"Headless"}},
      "oldObject":null,"dryRun":false,
      "options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1","fieldManager":"kubectl-client-side-apply","fieldValidation":"Strict"}}}
      """;
}
