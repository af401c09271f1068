package io.netservice.syncer.metrics;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.syncer.plan.Tally;
import io.prometheus.client.Collector;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.Histogram;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * What the syncer counts. Every label has a closed set of values: deploy/docs/metrics.md lists all
 * of them. What is a sum over NetServices or pods is added up when somebody asks for it.
 *
 * <p>May be used from any thread.
 */
public final class SyncerMetrics {

  private static final String SUBSYSTEM = "netservice_syncer";

  /** From what one fast write takes to a few retries while the API server is away. */
  private static final double[] PROPAGATION_BUCKETS = {
    .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30
  };

  private static final Histogram PROPAGATION_SECONDS =
      Histogram.build()
          .subsystem(SUBSYSTEM)
          .name("propagation_seconds")
          .help(
              "Time from when the syncer is told of a change of a pod until all is written that"
                  + " follows from it.")
          .buckets(PROPAGATION_BUCKETS)
          .register();

  private static final Counter WRITES =
      Counter.build()
          .subsystem(SUBSYSTEM)
          .name("writes_total")
          .help("Writes to the API server by kind of object, verb and result.")
          .labelNames("kind", "verb", "result")
          .register();

  private static final Histogram PLAN_SECONDS =
      Histogram.build()
          .subsystem(SUBSYSTEM)
          .name("plan_seconds")
          .help("Time to make one plan.")
          .buckets(.0001, .0003, .001, .003, .01, .03, .1, .3, 1)
          .register();

  private static final Counter RETRIES =
      Counter.build()
          .subsystem(SUBSYSTEM)
          .name("retries_total")
          .help("Reconciles that failed and were queued again.")
          .register();

  private static final Counter WATCH_RESTARTS =
      Counter.build()
          .subsystem(SUBSYSTEM)
          .name("watch_restarts_total")
          .help("Watches that ended and were begun again, by what is watched and why they ended.")
          .labelNames("resource", "reason")
          .register();

  private static final Counter RESYNCS =
      Counter.build()
          .subsystem(SUBSYSTEM)
          .name("resyncs_total")
          .help("NetServices whose caches were compared with the API server.")
          .register();

  private static final Counter REPAIRS =
      Counter.build()
          .subsystem(SUBSYSTEM)
          .name("resync_repairs_total")
          .help("Objects whose caches were found wrong and read again. Should stay 0.")
          .register();

  private SyncerMetrics() {}

  /** A write, or the refusal of one. */
  public static void written(String kind, String verb, String result) {
    WRITES.labels(kind.toLowerCase(Locale.ROOT), verb, result).inc();
  }

  /** What is told of a failure as the result of a write. */
  public static String result(KubernetesClientException e) {
    return switch (e.getCode()) {
      case 404 -> "not_found";
      case 409 -> "conflict";
      case 403 -> "forbidden";
      case 429 -> "throttled";
      default -> e.getCode() == 0 ? "unreachable" : "error";
    };
  }

  /** Does {@code planning}, and takes its time. */
  public static <T> T timed(Supplier<T> planning) {
    return PLAN_SECONDS.time(planning::get);
  }

  /** All is written that follows from a change of a pod. */
  public static void propagated(long nanos) {
    PROPAGATION_SECONDS.observe(nanos / (double) TimeUnit.SECONDS.toNanos(1));
  }

  /** A reconcile or the write of a status has to be done again. */
  public static void retried() {
    RETRIES.inc();
  }

  /** Why a watch ended. */
  public enum WatchEnd {
    /** The API server ended it, as it does every five to ten minutes. */
    ENDED,
    /** It was too far behind, and begins with all there is. */
    OUTDATED,
    /** The API server answered with an error. */
    REFUSED,
    /** The connection was lost or given up. */
    BROKEN
  }

  /**
   * A watch of {@code resource}, in the plural as in paths of the API, begins: from now on it is
   * seen not to end, and so when it does.
   */
  public static void watchBegins(String resource) {
    for (WatchEnd reason : WatchEnd.values()) {
      WATCH_RESTARTS.labels(resource, lowerCase(reason.name()));
    }
  }

  /** A watch of {@code resource} ended. */
  public static void watchEnded(String resource, WatchEnd reason) {
    WATCH_RESTARTS.labels(resource, lowerCase(reason.name())).inc();
  }

  /** The caches of a NetService were compared with the API server. */
  public static void resynced() {
    RESYNCS.inc();
  }

  /** So many cached objects were found wrong. */
  public static void repaired(int objects) {
    REPAIRS.inc(objects);
  }

  /**
   * Shows the state of the queue.
   *
   * @param depth how many keys wait
   * @param oldestNanos how long the one has waited that did so for longest
   * @param failing how many keys failed last time
   */
  public static void queue(
      DoubleSupplier depth, DoubleSupplier oldestNanos, DoubleSupplier failing) {
    gauge("queue_depth", "NetServices that wait to be reconciled.", depth);
    gauge(
        "queue_oldest_seconds",
        "How long the NetService has waited that waits for longest, 0 if none does.",
        () -> oldestNanos.getAsDouble() / TimeUnit.SECONDS.toNanos(1));
    gauge("failing", "NetServices whose last reconcile failed, so that they wait.", failing);
  }

  /** Shows whether this process writes. */
  public static void leader(BooleanSupplier isLeading) {
    gauge(
        "leader",
        "1 if this process is the leader, who alone writes, else 0.",
        () -> isLeading.getAsBoolean() ? 1 : 0);
  }

  /**
   * Shows what is published.
   *
   * @param all the sum over all NetServices; nothing on a standby
   */
  public static void published(Supplier<Tally> all) {
    labelled(
        "endpoints",
        "Endpoints that are published, by state. None on a standby.",
        "state",
        () -> all.get().endpoints());
    labelled(
        "skipped_pods",
        "Selected pods without an endpoint, by reason. None on a standby.",
        "reason",
        () -> all.get().skipped());
  }

  /**
   * Shows the size of the caches.
   *
   * @param objects how many objects are kept, by resource, in the plural
   * @param podWatches how many watches of pods there are
   */
  public static void caches(Supplier<Map<String, Integer>> objects, DoubleSupplier podWatches) {
    labelled(
        "cached_objects",
        "Objects that are kept in memory; a pod once for each selector that selects it.",
        "resource",
        objects);
    gauge("pod_watches", "Watches of pods, one for each selector or namespace.", podWatches);
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static void gauge(String name, String help, DoubleSupplier value) {
    Gauge.build()
        .subsystem(SUBSYSTEM)
        .name(name)
        .help(help)
        .register()
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return value.getAsDouble();
              }
            });
  }

  private static void labelled(
      String name, String help, String label, Supplier<Map<String, Integer>> values) {
    var unused =
        new Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            GaugeMetricFamily family =
                new GaugeMetricFamily(SUBSYSTEM + "_" + name, help, List.of(label));
            values.get().forEach((value, count) -> family.addMetric(List.of(value), count));
            return List.of(family);
          }
        }.register();
  }
}
