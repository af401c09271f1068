package io.netservice.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netservice.deploy.MetricTable.Metric;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What both programs show to Prometheus while they work on a real API server. */
class MetricsIT {

  private Cluster cluster;
  private String namespace;
  private TestPods pods;
  private Published db;

  @BeforeEach
  void newNamespace() {
    cluster = Cluster.get();
    namespace = cluster.newNamespace("metrics");
    pods = new TestPods(cluster.client(), namespace);
    db = new Published(cluster.client(), namespace, "db");
  }

  private double syncer(String metric) {
    return cluster.syncer().metric(metric);
  }

  private double webhook(String metric) {
    return cluster.webhook().metric(metric);
  }

  private void netService() {
    cluster.netService(namespace, "db", "netAttachDef: core\nselector: {app: db}");
  }

  /** All that is shown is in the document, as it is shown, and the other way round. */
  @Test
  void documentHasEveryMetricOfBothProgramsAndNoOther() throws Exception {
    pods.ready("one", "db", namespace + "/core", "10.50.0.1");
    netService();
    db.await("10.50.0.1 ready");
    assertDocumented("Syncer", cluster.syncer().page("/metrics"));
    assertDocumented("Webhook", cluster.webhook().page("/metrics"));
  }

  private static void assertDocumented(String heading, String page) throws IOException {
    Map<String, Metric> documented = new TreeMap<>(MetricTable.documented(heading));
    documented.putAll(MetricTable.documented("Both"));
    Map<String, Metric> shown = MetricTable.shown(page);
    assertEquals(table(documented), table(shown));
    shown.forEach(
        (name, metric) ->
            metric
                .labels()
                .forEach(
                    (label, values) -> {
                      var known = documented.get(name).labels().get(label);
                      assertTrue(known != null, name + " has the label " + label);
                      assertTrue(
                          known.isEmpty() || known.containsAll(values),
                          () -> name + ": " + label + " is one of " + values);
                    }));
  }

  /** As the tables of the document, so that a row can be copied from what a failure shows. */
  private static String table(Map<String, Metric> metrics) {
    return metrics.entrySet().stream()
        .map(
            each ->
                "| `"
                    + each.getKey()
                    + "` | "
                    + each.getValue().type()
                    + " | "
                    + each.getValue().help()
                    + " |")
        .collect(Collectors.joining("\n"));
  }

  @Test
  void syncerShowsHowLongAChangeTookAndWhatIsPublished() {
    double ready = syncer("netservice_syncer_endpoints{state=\"ready\"}");
    double malformed = syncer("netservice_syncer_skipped_pods{reason=\"malformed\"}");
    double pending = syncer("netservice_syncer_cached_objects{resource=\"pods\"}");
    pods.ready("one", "db", namespace + "/core", "10.50.1.1");
    pods.ready("two", "db", namespace + "/core", "10.50.1.2");
    pods.ready("three", "db", namespace + "/core", "10.50.1.3");
    pods.annotate("three", TestPods.STATUS, "[");
    netService();
    db.await("10.50.1.1 ready", "10.50.1.2 ready");
    Await.equal(
        "ready endpoints", ready + 2, () -> syncer("netservice_syncer_endpoints{state=\"ready\"}"));
    Await.equal(
        "malformed pods",
        malformed + 1,
        () -> syncer("netservice_syncer_skipped_pods{reason=\"malformed\"}"));
    assertEquals(pending + 3, syncer("netservice_syncer_cached_objects{resource=\"pods\"}"));

    double changes = syncer("netservice_syncer_propagation_seconds_count");
    double seconds = syncer("netservice_syncer_propagation_seconds_sum");
    long begin = System.nanoTime();
    pods.annotate("one", TestPods.STATUS, TestPods.status(namespace + "/core", "10.50.1.4"));
    db.await("10.50.1.2 ready", "10.50.1.4 ready");
    Await.equal(
        "measured changes",
        changes + 1,
        () -> syncer("netservice_syncer_propagation_seconds_count"));
    double took = syncer("netservice_syncer_propagation_seconds_sum") - seconds;
    Duration most = Duration.ofNanos(System.nanoTime() - begin);
    assertTrue(took > 0 && took * 1e9 < most.toNanos(), took + " s of " + most);
    assertEquals(0, syncer("netservice_syncer_failing"));
    assertEquals(1, syncer("netservice_syncer_leader"));
  }

  @Test
  void webhookShowsItsAnswersAndWhenItsCertificateExpires() {
    String patched =
        "netservice_webhook_admission_requests_total{webhook=\"mutate\",operation=\"CREATE\",result=\"patched\"}";
    String duration = "netservice_webhook_admission_duration_seconds_count{webhook=\"validate\"}";
    double before = webhook(patched);
    double answers = webhook(duration);
    netService();
    assertEquals(before + 1, webhook(patched));
    assertTrue(webhook(duration) > answers);
    assertTrue(
        webhook("netservice_webhook_certificate_expiry_timestamp_seconds")
            > Instant.now().plus(Duration.ofDays(1)).getEpochSecond());
  }
}
