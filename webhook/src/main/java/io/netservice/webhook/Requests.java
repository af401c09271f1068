package io.netservice.webhook;

import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.util.List;

/** What is counted of the requests. */
final class Requests {

  private static final String SUBSYSTEM = "netservice_webhook";

  private static final Counter TOTAL =
      Counter.build()
          .subsystem(SUBSYSTEM)
          .name("admission_requests_total")
          .help(
              "Requests by webhook (mutate, validate), operation and result (allowed, patched,"
                  + " denied; bad for what is no AdmissionReview, error for a failure here).")
          .labelNames("webhook", "operation", "result")
          .register();
  private static final Histogram DURATION =
      Histogram.build()
          .subsystem(SUBSYSTEM)
          .name("admission_duration_seconds")
          .help("Time from the first byte of a request's body to the answer.")
          // The API server gives up after 5 s.
          .buckets(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
          .labelNames("webhook")
          .register();

  static {
    // What should not happen is shown not to have happened: a rate counts from the first sample on.
    for (String webhook : List.of("mutate", "validate")) {
      TOTAL.labels(webhook, "unknown", "bad");
      TOTAL.labels(webhook, "unknown", "error");
      DURATION.labels(webhook);
    }
  }

  private Requests() {}

  static void count(String webhook, String operation, String result) {
    TOTAL.labels(webhook, operation, result).inc();
  }

  static Histogram.Timer time(String webhook) {
    return DURATION.labels(webhook).startTimer();
  }
}
