package io.netservice.bench.scenario;

import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.report.Goal;
import io.netservice.bench.report.Metric;
import io.netservice.bench.report.Outcome;
import io.netservice.bench.subject.Running;
import io.netservice.bench.subject.SelfSigned;
import io.netservice.bench.subject.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The webhook under a steady load, and how fast it starts. */
final class WebhookScenario implements Scenario {

  private static final int PER_SECOND = 500;
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration MEASURED = Duration.ofSeconds(20);
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private SelfSigned certificate;

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public String title() {
    return "%d AdmissionReviews a second over TLS with keep-alive, to /mutate and /validate in turn"
        .formatted(PER_SECOND);
  }

  @Override
  public List<String> subjects() {
    return List.of(Subject.OURS);
  }

  @Override
  public boolean takesOtherSyncers() {
    return false;
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        Goal.value(Metric.REQUEST_P99, 5),
        Goal.value(Metric.MEMORY_PEAK, 96),
        Goal.value(Metric.READY_TIME, 1));
  }

  @Override
  public Map<String, String> prepare(Bench bench) {
    certificate = SelfSigned.make(bench.cluster().folder());
    return Map.of();
  }

  @Override
  public Outcome turn(Bench bench, Subject subject) throws InterruptedException {
    int port = freePort();
    int metricsPort = freePort();
    Subject webhook =
        bench.programs().webhook(port, metricsPort, certificate.certificate(), certificate.key());
    Path log = bench.cluster().folder().resolve("webhook.log");
    Outcome outcome = new Outcome();
    CompletableFuture<String> died = new CompletableFuture<>();
    try (Running running =
        Running.start(webhook, bench.cluster().kubeconfig(), log, died::complete)) {
      long ready = awaitReady(metricsPort, died);
      outcome.put(Metric.READY_TIME, (ready - running.started()) / 1e9);
      Load load = new Load(port, certificate.certificate(), PER_SECOND);
      bench.progress().accept("warming up");
      load.run(WARM_UP);
      bench.progress().accept("measuring");
      running.resetPeak();
      double cpu = running.cpuSeconds();
      Load.Answers answers = load.run(MEASURED);
      return outcome
          .put(
              answers.times(),
              Metric.REQUEST_P50,
              Metric.REQUEST_P90,
              Metric.REQUEST_P99,
              Metric.REQUEST_MAX)
          .put(Metric.CPU, running.cpuSeconds() - cpu)
          .put(Metric.MEMORY_PEAK, Turn.megabytes(running.peakBytes()))
          .put(Metric.MEMORY, Turn.megabytes(running.residentBytes()))
          .lose(answers.failed());
    }
  }

  /** Asks again and again, and gives the moment of the first good answer. */
  private static long awaitReady(int port, CompletableFuture<String> died)
      throws InterruptedException {
    HttpClient client = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
            .timeout(Duration.ofSeconds(5))
            .build();
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < end && !died.isDone()) {
      try {
        if (client.send(request, BodyHandlers.discarding()).statusCode() == 200) {
          return System.nanoTime();
        }
      } catch (IOException e) {
        // Not there yet.
      }
      Thread.sleep(5);
    }
    throw new BenchException("the webhook does not become ready: " + died.getNow("no answer"));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BenchException("there is no free port: " + e, e);
    }
  }
}
