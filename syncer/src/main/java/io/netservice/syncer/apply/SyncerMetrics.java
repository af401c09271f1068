package io.netservice.syncer.apply;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.syncer.plan.Plan;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** What the syncer counts. */
public final class SyncerMetrics {

  private static final String SUBSYSTEM = "netservice_syncer";

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

  private SyncerMetrics() {}

  static void written(String kind, String verb, String result) {
    WRITES.labels(kind.toLowerCase(Locale.ROOT), verb, result).inc();
  }

  static String result(KubernetesClientException e) {
    return switch (e.getCode()) {
      case 404 -> "not_found";
      case 409 -> "conflict";
      case 403 -> "forbidden";
      case 429 -> "throttled";
      default -> e.getCode() == 0 ? "unreachable" : "error";
    };
  }

  static Plan timed(Supplier<Plan> planning) {
    return PLAN_SECONDS.time(planning::get);
  }

  static void retried() {
    RETRIES.inc();
  }

  /** Shows how many keys wait. */
  public static void queueDepth(IntSupplier depth) {
    gauge("queue_depth", "NetServices that wait to be reconciled.", depth);
  }

  /** Shows whether this process writes. */
  public static void leader(BooleanSupplier isLeading) {
    gauge(
        "leader",
        "1 if this process is the leader, who alone writes, else 0.",
        () -> isLeading.getAsBoolean() ? 1 : 0);
  }

  private static void gauge(String name, String help, IntSupplier value) {
    Gauge.build()
        .subsystem(SUBSYSTEM)
        .name(name)
        .help(help)
        .register()
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return value.getAsInt();
              }
            });
  }
}
