package io.netservice.dashboard;

import io.netservice.dashboard.Dashboard.Panel;
import io.netservice.dashboard.PrometheusApi.Point;
import io.netservice.dashboard.PrometheusApi.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The panels of a dashboard as one SVG, each where the dashboard has it. It is no screenshot of
 * Grafana: the same expressions and places, lines and numbers drawn here.
 */
final class Picture {

  private static final int COLUMN = 40;
  private static final int ROW = 24;
  private static final int TITLE = 40;
  private static final int FOOT = 26;
  private static final int GAP = 4;

  /** Room in a panel for its title, the values on the left, times and legend below. */
  private static final int HEAD = 28;

  private static final int LEFT = 62;
  private static final int BELOW = 38;
  private static final int RIGHT = 14;

  /** Of that kind of letters, for the width of a legend. */
  private static final double LETTER = 5.9;

  /** Room for how many series have no place in the legend. */
  private static final int MORE = 70;

  private static final int MOST_SERIES = 8;
  private static final int LINES = 3;
  private static final double MEBI = 1 << 20;

  private static final Pattern LABEL = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");

  private static final String STYLE =
      """
      text{font:12px system-ui,sans-serif;fill:#1f2328}.small{font-size:11px;fill:#59636e}
      .head{font-weight:600}.title{font-size:16px;font-weight:600}.number{font-size:30px;font-weight:600}
      .page{fill:#f6f8fa}.panel{fill:#fff;stroke:#d1d9e0}.grid{stroke:#d1d9e0;stroke-width:1}
      path{fill:none;stroke-width:1.6}
      .c0{stroke:#0969da}.c1{stroke:#bc4c00}.c2{stroke:#1a7f37}.c3{stroke:#8250df}.c4{stroke:#cf222e}
      .c5{stroke:#1b7c83}.c6{stroke:#bf3989}.c7{stroke:#9a6700}line.key{stroke-width:3}
      @media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.page{fill:#010409}
      .panel{fill:#0d1117;stroke:#3d444d}.grid{stroke:#3d444d}
      .c0{stroke:#4493f8}.c1{stroke:#db6d28}.c2{stroke:#3fb950}.c3{stroke:#ab7df8}.c4{stroke:#f85149}
      .c5{stroke:#39c5cf}.c6{stroke:#db61a2}.c7{stroke:#d29922}}
      """;

  private final StringBuilder svg = new StringBuilder();
  private final double from;
  private final double to;

  private Picture(double from, double to) {
    this.from = from;
    this.to = to;
  }

  /** A series with the name that it has in the legend. */
  record Line(String name, List<Point> points) {

    /** The name by the pattern of a query, with the labels of a series. */
    static Line of(String legend, Series series) {
      Matcher labels = LABEL.matcher(legend);
      String name =
          labels.replaceAll(
              each -> Matcher.quoteReplacement(series.labels().getOrDefault(each.group(1), "")));
      return new Line(
          name, series.points().stream().filter(p -> Double.isFinite(p.value())).toList());
    }

    double peak() {
      return points.stream().mapToDouble(Point::value).max().orElse(0);
    }
  }

  /**
   * Draws it.
   *
   * @param lines what each panel shows
   * @param from the left end of time, in seconds since 1970; {@code to} is the right one
   * @param foot a line about where the data comes from
   */
  static String of(
      Dashboard dashboard, Map<Panel, List<Line>> lines, double from, double to, String foot) {
    Picture picture = new Picture(from, to);
    int rows =
        dashboard.panels().stream().mapToInt(each -> each.y() + each.height()).max().orElse(0);
    int width = Dashboard.COLUMNS * COLUMN + 2 * GAP;
    int height = TITLE + rows * ROW + FOOT;
    picture.svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" aria-label="Dashboard %4$s">
        <style>%3$s</style>
        <rect class="page" width="%1$d" height="%2$d" rx="6"/>
        """
            .formatted(width, height, STYLE, escaped(dashboard.title())));
    picture.text(12, 26, "title", "start", dashboard.title());
    picture.text(12, height - 9, "small", "start", foot);
    for (Panel panel : dashboard.panels()) {
      picture.panel(panel, lines.get(panel));
    }
    return picture.svg.append("</svg>\n").toString();
  }

  private void panel(Panel panel, List<Line> lines) {
    int x = panel.x() * COLUMN + 2 * GAP;
    int y = TITLE + panel.y() * ROW;
    int width = panel.width() * COLUMN - 2 * GAP;
    int height = panel.height() * ROW - 2 * GAP;
    add(
        "<rect class=\"panel\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>",
        x, y, width, height);
    text(x + 10, y + 18, "head", "start", panel.title());
    if (panel.isNumber()) {
      String number =
          lines.isEmpty() || lines.get(0).points.isEmpty()
              ? "no data"
              : Unit.text(panel.unit(), last(lines.get(0).points).value());
      text(x + width / 2, y + height / 2 + 22, "number", "middle", number);
    } else {
      chart(panel.unit(), lines, x, y, width, height);
    }
  }

  private static Point last(List<Point> points) {
    return points.get(points.size() - 1);
  }

  private void chart(String unit, List<Line> all, int x, int y, int width, int height) {
    List<Line> lines =
        all.stream()
            .filter(line -> !line.points.isEmpty())
            .sorted(Comparator.comparingDouble(Line::peak).reversed())
            .limit(MOST_SERIES)
            .toList();
    double whole = unit.equals("bytes") ? MEBI : 1;
    double top = whole * nice(lines.stream().mapToDouble(Line::peak).max().orElse(0) / whole);
    int left = x + LEFT;
    int right = x + width - RIGHT;
    int upper = y + HEAD + 6;
    int lower = y + height - BELOW;
    for (int i = 0; i <= LINES; i++) {
      int at = lower - (lower - upper) * i / LINES;
      add("<line class=\"grid\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", left, at, right, at);
      text(left - 6, at + 4, "small", "end", Unit.text(unit, top * i / LINES));
    }
    text(left, lower + 15, "small", "start", "0:00");
    text(right, lower + 15, "small", "end", minutes(to - from));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      path(lines.get(i).points, top, i, left, right, upper, lower);
      names.add(lines.get(i).name);
    }
    legend(names, all.size() - lines.size(), left, right, lower + 31);
  }

  private void path(
      List<Point> points, double top, int color, int left, int right, int upper, int lower) {
    StringBuilder path = new StringBuilder();
    double gap = (to - from) / 20;
    double before = Double.NEGATIVE_INFINITY;
    for (Point point : points) {
      double x = left + (point.time() - from) / (to - from) * (right - left);
      double y = lower - point.value() / top * (lower - upper);
      path.append(
          String.format(Locale.ROOT, "%s%.1f %.1f", point.time() - before > gap ? "M" : "L", x, y));
      before = point.time();
    }
    add("<path class=\"c%d\" d=\"%s\"/>", color, path);
  }

  private void legend(List<String> names, int more, int left, int right, int y) {
    int x = left;
    for (int i = 0; i < names.size(); i++) {
      int next = x + 22 + (int) (names.get(i).length() * LETTER) + 10;
      boolean isLast = i == names.size() - 1 && more == 0;
      if (next > right - (isLast ? 0 : MORE)) {
        text(x, y, "small", "start", "and " + (names.size() - i + more) + " more");
        return;
      }
      add(
          "<line class=\"key c%d\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>",
          i, x, y - 4, x + 14, y - 4);
      text(x + 18, y, "small", "start", names.get(i));
      x = next;
    }
  }

  /** The next of 1, 1.5, 3, 6 and these times a power of ten: thirds of it are short numbers. */
  private static double nice(double value) {
    if (value <= 0) {
      return 3;
    }
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double each : new double[] {1.2, 1.5, 3, 6, 9}) {
      if (value <= each * power) {
        return each * power;
      }
    }
    return 12 * power;
  }

  private static String minutes(double seconds) {
    return String.format(Locale.ROOT, "%d:%02d", (int) seconds / 60, (int) seconds % 60);
  }

  private void text(int x, int y, String kind, String anchor, String text) {
    add(
        "<text x=\"%d\" y=\"%d\" class=\"%s\" text-anchor=\"%s\">%s</text>",
        x, y, kind, anchor, escaped(text));
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
