package io.netservice.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asks a Prometheus: https://prometheus.io/docs/prometheus/latest/querying/api/ */
public final class PrometheusApi {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();
  private final String url;

  /** The one at {@code url}, such as {@code http://127.0.0.1:9090}. */
  public PrometheusApi(String url) {
    this.url = url;
  }

  /** A value at a time, in seconds since 1970. */
  public record Point(double time, double value) {}

  /** What a query gives for one set of labels. */
  public record Series(Map<String, String> labels, List<Point> points) {

    public Series {
      labels = Map.copyOf(labels);
      points = List.copyOf(points);
    }
  }

  /** What {@code expression} is now. */
  public List<Series> now(String expression) throws IOException, InterruptedException {
    return series(get("/api/v1/query?query=" + encoded(expression)));
  }

  /**
   * What {@code expression} was, every {@code step} seconds.
   *
   * @param from seconds since 1970, as is {@code to}
   */
  public List<Series> range(String expression, double from, double to, double step)
      throws IOException, InterruptedException {
    return series(
        get(
            "/api/v1/query_range?query=%s&start=%s&end=%s&step=%s"
                .formatted(encoded(expression), from, to, step)));
  }

  /** The part {@code data} of an answer. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE).build(),
            HttpResponse.BodyHandlers.ofString());
    JsonNode body = mapper.readTree(answer.body());
    if (!body.path("status").asText().equals("success")) {
      throw new IOException(path + ": Prometheus answers " + answer.body());
    }
    return body.path("data");
  }

  private static List<Series> series(JsonNode data) {
    List<Series> all = new ArrayList<>();
    for (JsonNode each : data.path("result")) {
      Map<String, String> labels = new TreeMap<>();
      each.path("metric").properties().forEach(l -> labels.put(l.getKey(), l.getValue().asText()));
      List<Point> points = new ArrayList<>();
      if (each.has("value")) {
        points.add(point(each.path("value")));
      }
      each.path("values").forEach(value -> points.add(point(value)));
      all.add(new Series(labels, points));
    }
    return all;
  }

  /** Prometheus writes values as text, so that they can be infinite. */
  private static Point point(JsonNode pair) {
    String value = pair.path(1).asText();
    return new Point(
        pair.path(0).asDouble(),
        switch (value) {
          case "+Inf" -> Double.POSITIVE_INFINITY;
          case "-Inf" -> Double.NEGATIVE_INFINITY;
          default -> Double.parseDouble(value);
        });
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
