package io.netservice.bench.report;

import io.netservice.bench.subject.Subject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The goals as a chart for the README: of each one bar for NetService and one for
 * kube-controller-manager, a mark where the goal is, and the ratio. Every row has a scale of its
 * own: seconds stand beside milliseconds and megabytes.
 */
public final class SvgChart {

  private static final int WIDTH = 860;
  private static final int LEFT = 270;
  private static final int BAR = 380;
  private static final int ROW = 40;
  private static final int TOP = 64;

  private static final String STYLE =
      """
      text{font:13px system-ui,sans-serif;fill:#1f2328}.small{font-size:11px;fill:#59636e}
      .title{font-size:16px;font-weight:600}.ratio{font-weight:600}.page{fill:#fff}
      .in-ours{font-size:11px;fill:#fff}.in-theirs{font-size:11px}
      .ours{fill:#0969da}.theirs{fill:#afb8c1}.goal{stroke:#1f2328;stroke-width:2}
      .met{fill:#1a7f37}.missed{fill:#cf222e}
      @media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.page{fill:#0d1117}
      .ours{fill:#4493f8}.theirs{fill:#656c76}.goal{stroke:#e6edf3}.met{fill:#3fb950}.missed{fill:#f85149}}
      """;

  private final StringBuilder svg = new StringBuilder();
  private int y = TOP;

  private SvgChart() {}

  /** The chart of all goals that were measured. */
  public static String of(Machine machine, List<Result> results) {
    List<Verdict> verdicts =
        results.stream()
            .flatMap(result -> result.verdicts().stream())
            .filter(Verdict::isKnown)
            .toList();
    SvgChart chart = new SvgChart();
    int height = TOP + ROW * verdicts.size() + 30;
    chart.svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" aria-label="NetService against kube-controller-manager">
        <style>%3$s</style>
        <rect class="page" width="%1$d" height="%2$d" rx="6"/>
        """
            .formatted(WIDTH, height, STYLE));
    chart.text(16, 28, "title", "NetService against kube-controller-manager (less is better)");
    chart.legend();
    verdicts.forEach(chart::row);
    Map<String, String> facts = machine.facts();
    chart.text(
        16,
        height - 12,
        "small",
        "Medians of interleaved rounds on "
            + facts.getOrDefault("processors", "an unknown machine")
            + ", "
            + facts.getOrDefault("kube-apiserver", "an unknown Kubernetes"));
    return chart.svg.append("</svg>\n").toString();
  }

  private void legend() {
    rect(LEFT, 38, 12, 12, "ours");
    text(LEFT + 18, 49, "small", "NetService");
    rect(LEFT + 100, 38, 12, 12, "theirs");
    text(LEFT + 118, 49, "small", "kube-controller-manager");
    goalMark(LEFT + 280, 38, 50);
    text(LEFT + 288, 49, "small", "goal");
  }

  private void row(Verdict verdict) {
    Goal goal = verdict.goal();
    Result result = verdict.result();
    double ours = result.values(goal.metric(), Subject.OURS).median();
    Distribution other = result.values(goal.metric(), goal.against().orElse(Subject.KCM));
    Optional<Double> theirs = other.count() == 0 ? Optional.empty() : Optional.of(other.median());
    // Rounds differ, so the bar of the goal is taken from the ratio that is judged.
    double bound = goal.against().isPresent() ? goal.atMost() * theirs.orElse(ours) : goal.atMost();
    double scale = BAR / Math.max(Math.max(ours, bound), Math.max(theirs.orElse(0.0), 1e-9));

    text(16, y + 15, "", result.scenario());
    String against =
        goal.against().filter(Subject.KCM_RAISED::equals).map(id -> " (kcm raised)").orElse("");
    text(16, y + 29, "small", goal.metric().label() + against);
    bar(ours, scale, y + 3, "ours", goal.metric().unit());
    theirs.ifPresent(value -> bar(value, scale, y + 18, "theirs", goal.metric().unit()));
    goalMark(LEFT + bound * scale, y + 1, y + 33);
    String reached =
        goal.against().isPresent() ? verdict.shown() + " x" : goal.metric().unit().show(ours);
    text(WIDTH - 120, y + 15, "ratio " + (verdict.met() ? "met" : "missed"), reached);
    text(WIDTH - 120, y + 29, "small", "goal " + goal.bound() + (verdict.met() ? "" : ", missed"));
    y += ROW;
  }

  private void bar(double value, double scale, int top, String style, Unit unit) {
    double length = Math.max(1, value * scale);
    rect(LEFT, top, length, 12, style);
    // Beside a short bar, inside a long one there would be no room for it outside.
    boolean inside = length > BAR - 70;
    double x = inside ? LEFT + length - 6 : LEFT + length + 6;
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class=\"%s\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>%n",
            inside ? "in-" + style : "small",
            x,
            top + 10,
            inside ? "end" : "start",
            escape(unit.show(value))));
  }

  private void goalMark(double x, int top, int bottom) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"goal\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"/>%n",
            x,
            top,
            bottom));
  }

  private void rect(double x, int top, double width, int height, String style) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
            style,
            x,
            top,
            width,
            height));
  }

  private void text(int x, int baseline, String style, String text) {
    svg.append(
        "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n"
            .formatted(style, x, baseline, escape(text)));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
