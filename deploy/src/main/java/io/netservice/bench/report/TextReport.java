package io.netservice.bench.report;

import io.netservice.bench.subject.Subject;
import java.util.ArrayList;
import java.util.List;

/** The results as a person reads them at a terminal: the ratios first. */
public final class TextReport {

  private TextReport() {}

  /** Headline and details. */
  public static String of(Machine machine, List<Result> results) {
    StringBuilder text = new StringBuilder();
    text.append("NetService against kube-controller-manager: ratios within a round, the median of ")
        .append("the rounds\n\n")
        .append(headline(results))
        .append('\n');
    for (Result result : results) {
      text.append(details(result)).append('\n');
    }
    machine.facts().forEach((name, value) -> text.append("  " + name + ": " + value + "\n"));
    return text.toString();
  }

  /** Each goal, what was reached and whether that is enough. */
  static String headline(List<Result> results) {
    TextTable table =
        new TextTable(
            2, "scenario", "what", "reached", "rounds", "goal", "met", "NetService", "kcm");
    for (Result result : results) {
      for (Verdict verdict : result.verdicts()) {
        Goal goal = verdict.goal();
        table.add(
            List.of(
                result.scenario(),
                goal.metric().label() + goal.against().map(id -> " / " + id).orElse(""),
                verdict.shown(),
                verdict.range(),
                goal.bound(),
                !verdict.isKnown() ? "-" : verdict.met() ? "yes" : "NO",
                median(result, goal.metric(), Subject.OURS),
                median(result, goal.metric(), goal.against().orElse(Subject.KCM))));
      }
      int lost = result.subjects().stream().mapToInt(each -> result.lost(each.id())).sum();
      if (lost > 0) {
        table.add(List.of(result.scenario(), "LOST CHANGES", "" + lost, "", "0", "NO", "", ""));
      }
    }
    return table.toString();
  }

  /** The medians of all that was measured in a scenario, a column for each subject. */
  static String details(Result result) {
    List<String> heads = new ArrayList<>(List.of(result.scenario()));
    result.subjects().forEach(subject -> heads.add(subject.title()));
    TextTable table = new TextTable(1, heads.toArray(String[]::new));
    for (Metric metric : result.metrics()) {
      List<String> row = new ArrayList<>(List.of(metric.label()));
      result.subjects().forEach(subject -> row.add(median(result, metric, subject.id())));
      table.add(row);
    }
    List<String> lost = new ArrayList<>(List.of("lost changes"));
    result.subjects().forEach(subject -> lost.add("" + result.lost(subject.id())));
    table.add(lost);
    StringBuilder text = new StringBuilder(result.title() + "\n\n" + table);
    result.facts().forEach((name, value) -> text.append("  " + name + ": " + value + "\n"));
    return text.toString();
  }

  private static String median(Result result, Metric metric, String subject) {
    Distribution values = result.values(metric, subject);
    return values.count() == 0 ? "-" : metric.unit().show(values.median());
  }
}
