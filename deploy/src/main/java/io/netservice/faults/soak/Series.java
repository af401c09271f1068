package io.netservice.faults.soak;

import java.util.ArrayList;
import java.util.List;

/** One quantity of one process over time. */
final class Series {

  /**
   * What was measured.
   *
   * @param seconds since the beginning
   */
  record Sample(double seconds, double value) {}

  private final List<Sample> samples = new ArrayList<>();

  void add(double seconds, double value) {
    samples.add(new Sample(seconds, value));
  }

  double first() {
    return samples.get(0).value();
  }

  double last() {
    return samples.get(samples.size() - 1).value();
  }

  double largest() {
    return samples.stream().mapToDouble(Sample::value).max().orElseThrow();
  }

  /** What was measured next after {@code seconds}, or last. */
  double after(double seconds) {
    return samples.stream()
        .filter(sample -> sample.seconds() >= seconds)
        .mapToDouble(Sample::value)
        .findFirst()
        .orElseGet(this::last);
  }

  /**
   * By how much it grew from the middle to the end of the time, on the straight line that fits best
   * (least squares): one sample more or less does not decide.
   */
  double growth() {
    double half = samples.get(samples.size() - 1).seconds() / 2;
    List<Sample> late = samples.stream().filter(sample -> sample.seconds() >= half).toList();
    double seconds = late.stream().mapToDouble(Sample::seconds).average().orElseThrow();
    double value = late.stream().mapToDouble(Sample::value).average().orElseThrow();
    double rise = 0;
    double run = 0;
    for (Sample each : late) {
      rise += (each.seconds() - seconds) * (each.value() - value);
      run += (each.seconds() - seconds) * (each.seconds() - seconds);
    }
    return run == 0 ? 0 : rise / run * half;
  }

  /**
   * Whether it did not grow by more than a twentieth in the second half, or by one; or ended no
   * higher than it had been in the first: what goes up and down may be on its way up at the end.
   */
  boolean isFlat() {
    return growth() <= Math.max(1, last() / 20) || last() <= largestOfFirstHalf();
  }

  private double largestOfFirstHalf() {
    double half = samples.get(samples.size() - 1).seconds() / 2;
    return samples.stream()
        .filter(sample -> sample.seconds() < half)
        .mapToDouble(Sample::value)
        .max()
        .orElse(Double.NEGATIVE_INFINITY);
  }
}
