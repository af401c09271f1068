package io.netservice.bench.report;

import io.netservice.bench.subject.Subject;
import java.util.Locale;

/**
 * Whether a goal is met.
 *
 * @param measured ratios, or values where the goal bounds the value; what counts is the median of
 *     the rounds
 */
public record Verdict(Result result, Goal goal, Distribution measured) {

  static Verdict of(Result result, Goal goal) {
    Distribution measured =
        goal.against()
            .map(against -> result.ratios(goal.metric(), against))
            .orElseGet(() -> result.values(goal.metric(), Subject.OURS));
    return new Verdict(result, goal, measured);
  }

  /** Whether anything was measured. */
  public boolean isKnown() {
    return measured.count() > 0;
  }

  /** Whether the median is within the bound. */
  public boolean met() {
    return isKnown() && measured.median() <= goal.atMost();
  }

  /** The median of the rounds as a person reads it. */
  public String shown() {
    return show(measured.median());
  }

  /** The lowest and the highest round. */
  public String range() {
    return show(measured.min()) + " - " + show(measured.max());
  }

  private String show(double value) {
    if (!isKnown()) {
      return "-";
    }
    return goal.against().isPresent()
        ? String.format(Locale.ROOT, value < 0.1 ? "%.3f" : "%.2f", value)
        : goal.metric().unit().show(value);
  }
}
