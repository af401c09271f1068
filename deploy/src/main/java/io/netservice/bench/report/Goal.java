package io.netservice.bench.report;

import java.util.Locale;
import java.util.Optional;

/**
 * What NetService must reach.
 *
 * @param against the subject that a ratio is taken to; empty where the value itself is bounded
 * @param atMost the bound of the ratio, or of the value in the metric's unit
 */
public record Goal(Metric metric, Optional<String> against, double atMost) {

  /** At most {@code factor} times what {@code subject} takes in the same round. */
  public static Goal ratio(Metric metric, String subject, double factor) {
    return new Goal(metric, Optional.of(subject), factor);
  }

  /** At most {@code value}. */
  public static Goal value(Metric metric, double value) {
    return new Goal(metric, Optional.empty(), value);
  }

  /** The bound as a person reads it. */
  public String bound() {
    return against.isPresent()
        ? String.format(Locale.ROOT, "%.2f x", atMost)
        : metric.unit().show(atMost);
  }
}
