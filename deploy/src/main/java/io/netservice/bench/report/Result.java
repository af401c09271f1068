package io.netservice.bench.report;

import io.netservice.bench.subject.Subject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What all rounds of a scenario gave.
 *
 * @param subjects in the order of their turns
 * @param rounds of each round the outcomes by the subject's id; the last may be incomplete
 * @param facts what else is worth knowing, such as the size of a pod
 */
public record Result(
    String scenario,
    String title,
    List<Subject> subjects,
    List<Goal> goals,
    List<Map<String, Outcome>> rounds,
    Map<String, String> facts) {

  /** The values of a metric over the rounds. */
  public Distribution values(Metric metric, String subject) {
    List<Double> values = new ArrayList<>();
    for (Map<String, Outcome> round : rounds) {
      value(round, metric, subject).ifPresent(values::add);
    }
    return Distribution.of(values);
  }

  /**
   * The ratios of what NetService takes to what {@code against} takes, each within one round:
   * rounds are interleaved, so that both had the same machine.
   */
  public Distribution ratios(Metric metric, String against) {
    return ratios(metric, Subject.OURS, against);
  }

  /** The ratios of {@code subject} to {@code against}. */
  public Distribution ratios(Metric metric, String subject, String against) {
    List<Double> ratios = new ArrayList<>();
    for (Map<String, Outcome> round : rounds) {
      OptionalDouble ours = value(round, metric, subject);
      OptionalDouble theirs = value(round, metric, against);
      if (ours.isPresent() && theirs.isPresent()) {
        ratios.add(ratio(ours.getAsDouble(), theirs.getAsDouble()));
      }
    }
    return Distribution.of(ratios);
  }

  /** The metrics that any turn gave. */
  public Set<Metric> metrics() {
    Set<Metric> metrics = EnumSet.noneOf(Metric.class);
    rounds.forEach(round -> round.values().forEach(each -> metrics.addAll(each.values().keySet())));
    return metrics;
  }

  /** What became of each goal. */
  public List<Verdict> verdicts() {
    return goals.stream().map(goal -> Verdict.of(this, goal)).toList();
  }

  /** How many changes of a subject never became visible. */
  public int lost(String subject) {
    return rounds.stream()
        .filter(round -> round.containsKey(subject))
        .mapToInt(round -> round.get(subject).lost())
        .sum();
  }

  /** Whether any subject lost a change. */
  public boolean anyLost() {
    return subjects.stream().anyMatch(subject -> lost(subject.id()) > 0);
  }

  /** Equal values are a ratio of one, even if both are zero. */
  private static double ratio(double ours, double theirs) {
    return ours == theirs ? 1 : ours / theirs;
  }

  private static OptionalDouble value(Map<String, Outcome> round, Metric metric, String subject) {
    Outcome outcome = round.get(subject);
    return outcome == null ? OptionalDouble.empty() : outcome.get(metric);
  }
}
