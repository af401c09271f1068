package io.netservice.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Metrics by name: as the documentation has them, or as a program shows them. */
final class MetricTable {

  static final Path DOCUMENT = Path.of("docs", "metrics.md");

  private static final Pattern SAMPLE = Pattern.compile("([a-z_0-9]+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  private MetricTable() {}

  /**
   * A metric.
   *
   * @param labels the values of each; of those that a program shows, the ones it has shown
   */
  record Metric(String type, String help, Map<String, Set<String>> labels) {}

  /** What stands in the tables under a heading of the document. */
  static Map<String, Metric> documented(String heading) throws IOException {
    Map<String, Metric> metrics = new TreeMap<>();
    String section =
        Files.readString(DOCUMENT).split("\n## " + heading + "\n", 2)[1].split("\n## ", 2)[0];
    for (String line : section.lines().filter(each -> each.startsWith("| `")).toList()) {
      List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
      Map<String, Set<String>> labels = new TreeMap<>();
      for (String label : cells.get(3).split(";", -1)) {
        List<String> quoted = QUOTED.matcher(label).results().map(each -> each.group(1)).toList();
        if (!quoted.isEmpty()) {
          labels.put(quoted.get(0), new TreeSet<>(quoted.subList(1, quoted.size())));
        }
      }
      metrics.put(cells.get(1).replace("`", ""), new Metric(cells.get(2), cells.get(4), labels));
    }
    return metrics;
  }

  /** What is on a page in the text format of Prometheus. */
  static Map<String, Metric> shown(String page) {
    Map<String, String> help = comments(page, "HELP");
    Map<String, Metric> metrics = new TreeMap<>();
    comments(page, "TYPE")
        .forEach(
            (name, type) -> metrics.put(name, new Metric(type, help.get(name), new TreeMap<>())));
    for (String line : page.lines().filter(each -> !each.startsWith("#")).toList()) {
      Matcher sample = SAMPLE.matcher(line);
      if (!sample.matches()) {
        throw new AssertionError("no sample: " + line);
      }
      String name = sample.group(1);
      Metric metric =
          metrics.getOrDefault(name, metrics.get(name.replaceFirst("_(bucket|sum|count)$", "")));
      LABEL
          .matcher(sample.group(2) == null ? "" : sample.group(2))
          .results()
          .filter(label -> !label.group(1).equals("le"))
          .forEach(
              label ->
                  metric
                      .labels
                      .computeIfAbsent(label.group(1), any -> new TreeSet<>())
                      .add(label.group(2)));
    }
    return metrics;
  }

  private static Map<String, String> comments(String page, String kind) {
    return page.lines()
        .filter(line -> line.startsWith("# " + kind + " "))
        .map(line -> line.split(" ", 4))
        .collect(Collectors.toMap(words -> words[2], words -> words[3]));
  }
}
