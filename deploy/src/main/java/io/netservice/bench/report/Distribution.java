package io.netservice.bench.report;

import java.util.Arrays;
import java.util.Collection;

/** All values of a measurement in order, for exact percentiles. */
public final class Distribution {

  private final double[] sorted;

  private Distribution(double[] sorted) {
    this.sorted = sorted;
  }

  /** The distribution of {@code values}, in any order. */
  public static Distribution of(Collection<Double> values) {
    return new Distribution(values.stream().mapToDouble(Double::doubleValue).sorted().toArray());
  }

  /** How many values there are. */
  public int count() {
    return sorted.length;
  }

  /**
   * The smallest value that at least {@code percent} of all are not above (nearest rank); NaN if
   * there are none.
   *
   * @param percent above 0, up to 100
   */
  public double percentile(double percent) {
    if (!(percent > 0 && percent <= 100)) {
      throw new IllegalArgumentException("percentile " + percent + ": above 0, up to 100");
    }
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted[(int) Math.ceil(percent / 100 * sorted.length) - 1];
  }

  /**
   * The middle value; of an even count the mean of the two in the middle; NaN if there are none.
   */
  public double median() {
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The smallest value; NaN if there are none. */
  public double min() {
    return sorted.length == 0 ? Double.NaN : sorted[0];
  }

  /** The largest value; NaN if there are none. */
  public double max() {
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1];
  }

  @Override
  public String toString() {
    return Arrays.toString(sorted);
  }
}
