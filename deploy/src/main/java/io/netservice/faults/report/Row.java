package io.netservice.faults.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToIntFunction;

/**
 * All runs of one fault.
 *
 * @param limit within how many seconds all must be right
 */
public record Row(String name, String title, double limit, List<Outcome> outcomes) {

  /** The heads of the columns. */
  static final String[] HEADS = {
    "fault",
    "runs",
    "median",
    "worst",
    "limit",
    "stale",
    "wrong",
    "duplicates",
    "overlaps",
    "withdrawn",
    "failed",
    "hits"
  };

  public Row {
    outcomes = List.copyOf(outcomes);
  }

  /** Whether every run was as it should be. */
  public boolean isGood() {
    return outcomes.stream().allMatch(outcome -> outcome.isGood(limit));
  }

  /** The middle of the times, in seconds; a run that did not become right counts as the longest. */
  OptionalDouble median() {
    double[] sorted = times();
    return sorted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(sorted[(sorted.length - 1) / 2]);
  }

  /** The longest time, in seconds, infinite if a run did not become right. */
  OptionalDouble worst() {
    double[] sorted = times();
    return sorted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(sorted[sorted.length - 1]);
  }

  int sum(ToIntFunction<Outcome> count) {
    return outcomes.stream().mapToInt(count).sum();
  }

  /** As {@link #HEADS} says. */
  List<String> cells() {
    List<String> cells = new ArrayList<>();
    cells.add(name);
    cells.add("" + outcomes.size());
    cells.add(show(median()));
    cells.add(show(worst()));
    cells.add(String.format(Locale.ROOT, "%.0f s", limit));
    for (ToIntFunction<Outcome> count :
        List.<ToIntFunction<Outcome>>of(
            Outcome::stale,
            Outcome::wrong,
            Outcome::duplicates,
            Outcome::overlaps,
            Outcome::withdrawn,
            Outcome::failed,
            Outcome::hits)) {
      cells.add("" + sum(count));
    }
    return cells;
  }

  private double[] times() {
    return outcomes.stream()
        .mapToDouble(outcome -> outcome.seconds().orElse(Double.POSITIVE_INFINITY))
        .sorted()
        .toArray();
  }

  private static String show(OptionalDouble seconds) {
    if (seconds.isEmpty()) {
      return "-";
    }
    return Double.isInfinite(seconds.getAsDouble())
        ? "never"
        : String.format(Locale.ROOT, "%.2f s", seconds.getAsDouble());
  }
}
