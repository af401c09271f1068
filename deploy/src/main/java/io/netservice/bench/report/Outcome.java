package io.netservice.bench.report;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What one turn of one subject gave. Filled by one thread. */
public final class Outcome {

  private final Map<Metric, Double> values = new EnumMap<>(Metric.class);
  private int lost;

  /** Notes a value. */
  public Outcome put(Metric metric, double value) {
    values.put(metric, value);
    return this;
  }

  /** Notes the usual percentiles of how long something took, unless nothing was measured. */
  public Outcome put(Distribution times, Metric p50, Metric p90, Metric p99, Metric max) {
    if (times.count() == 0) {
      return this;
    }
    return put(p50, times.percentile(50))
        .put(p90, times.percentile(90))
        .put(p99, times.percentile(99))
        .put(max, times.max());
  }

  /** Notes changes that never became visible. */
  public Outcome lose(int count) {
    lost += count;
    return this;
  }

  /** How many changes never became visible. */
  public int lost() {
    return lost;
  }

  /** A value; empty if it was not measured. */
  public OptionalDouble get(Metric metric) {
    Double value = values.get(metric);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** All values, in the order of {@link Metric}. */
  public Map<Metric, Double> values() {
    return Collections.unmodifiableMap(values);
  }
}
