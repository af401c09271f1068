package io.netservice.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a dashboard of Grafana shows, as far as it is needed to ask Prometheus and to draw it. */
public record Dashboard(String title, List<Panel> panels) {

  /** As many columns as Grafana's grid has. */
  static final int COLUMNS = 24;

  public Dashboard {
    panels = List.copyOf(panels);
  }

  /**
   * One panel.
   *
   * @param isNumber whether it shows a number alone, and no course of time
   * @param unit in Grafana's words: {@code s}, {@code bytes}, {@code ops} or {@code none}
   * @param x of the grid, as are {@code y}, {@code width} and {@code height}
   */
  public record Panel(
      String title,
      String description,
      boolean isNumber,
      String unit,
      int x,
      int y,
      int width,
      int height,
      List<Query> queries) {

    public Panel {
      queries = List.copyOf(queries);
    }
  }

  /**
   * What is asked.
   *
   * @param legend how a series is named, with labels in double braces
   */
  public record Query(String expression, String legend) {

    /**
     * The expression for all namespaces.
     *
     * @param rateInterval over which rates are taken, such as {@code 1m}
     */
    public String over(String rateInterval) {
      return expression.replace("$namespace", ".*").replace("$__rate_interval", rateInterval);
    }
  }

  /** The dashboard in a file, as Grafana exports it. */
  public static Dashboard read(Path file) throws IOException {
    JsonNode root = new ObjectMapper().readTree(file.toFile());
    List<Panel> panels = new ArrayList<>();
    for (JsonNode panel : root.path("panels")) {
      List<Query> queries = new ArrayList<>();
      for (JsonNode target : panel.path("targets")) {
        queries.add(new Query(target.path("expr").asText(), target.path("legendFormat").asText()));
      }
      JsonNode place = panel.path("gridPos");
      panels.add(
          new Panel(
              panel.path("title").asText(),
              panel.path("description").asText(),
              panel.path("type").asText().equals("stat"),
              panel.path("fieldConfig").path("defaults").path("unit").asText(),
              place.path("x").asInt(),
              place.path("y").asInt(),
              place.path("w").asInt(),
              place.path("h").asInt(),
              queries));
    }
    return new Dashboard(root.path("title").asText(), panels);
  }
}
