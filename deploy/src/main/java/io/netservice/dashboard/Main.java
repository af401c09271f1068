package io.netservice.dashboard;

import io.netservice.dashboard.Dashboard.Panel;
import io.netservice.dashboard.Dashboard.Query;
import io.netservice.dashboard.Picture.Line;
import io.netservice.dashboard.PrometheusApi.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws what a dashboard shows of the data of a Prometheus. */
@Command(
    name = "dashboard",
    mixinStandardHelpOptions = true,
    description = "Draws what a dashboard shows of the data of a Prometheus, as SVG.")
public final class Main implements Callable<Integer> {

  private static final double STEP_SECONDS = 1;

  @Option(names = "--prometheus", paramLabel = "URL", required = true)
  private String prometheus;

  @Option(names = "--dashboard", paramLabel = "FILE", required = true)
  private Path dashboard;

  @Option(names = "--out", paramLabel = "FILE", required = true)
  private Path out;

  @Option(
      names = "--rate-interval",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "Over which rates are taken. Default: ${DEFAULT-VALUE}.")
  private String rateInterval;

  @Option(names = "--foot", paramLabel = "TEXT", defaultValue = "")
  private String foot;

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrometheusApi api = new PrometheusApi(prometheus);
    Dashboard shown = Dashboard.read(dashboard);
    double to = api.now("vector(time())").get(0).points().get(0).value();
    double from =
        api.now("min(min_over_time(timestamp(up)[1d:1s]))").get(0).points().get(0).value();
    Map<Panel, List<Line>> lines = new LinkedHashMap<>();
    for (Panel panel : shown.panels()) {
      List<Line> all = new ArrayList<>();
      for (Query query : panel.queries()) {
        for (Series each : api.range(query.over(rateInterval), from, to, STEP_SECONDS)) {
          all.add(Line.of(query.legend(), each));
        }
      }
      lines.put(panel, all);
    }
    Files.writeString(out, Picture.of(shown, lines, from, to, foot));
    return 0;
  }
}
