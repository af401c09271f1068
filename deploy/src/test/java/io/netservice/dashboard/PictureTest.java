package io.netservice.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netservice.dashboard.Dashboard.Panel;
import io.netservice.dashboard.Dashboard.Query;
import io.netservice.dashboard.Picture.Line;
import io.netservice.dashboard.PrometheusApi.Point;
import io.netservice.dashboard.PrometheusApi.Series;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The picture of the dashboard. */
class PictureTest {

  private static final Path DASHBOARD = Path.of("components", "monitoring", "dashboard.json");

  private static Document draw(Dashboard dashboard, Map<Panel, List<Line>> lines) throws Exception {
    String svg = Picture.of(dashboard, lines, 1_000, 1_100, "a <b> & c");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static boolean says(Document document, String text) {
    NodeList texts = document.getElementsByTagName("text");
    for (int i = 0; i < texts.getLength(); i++) {
      if (texts.item(i).getTextContent().equals(text)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void everyPanelIsThereWithItsLinesAndNumbers() throws Exception {
    Dashboard dashboard = Dashboard.read(DASHBOARD);
    Map<Panel, List<Line>> lines = new HashMap<>();
    Series series =
        new Series(
            Map.of("state", "ready"),
            List.of(new Point(1_000, 3), new Point(1_050, Double.NaN), new Point(1_100, 5)));
    dashboard
        .panels()
        .forEach(panel -> lines.put(panel, List.of(Line.of("now {{state}}{{other}}", series))));
    Document drawn = draw(dashboard, lines);
    long charts = dashboard.panels().stream().filter(panel -> !panel.isNumber()).count();
    assertEquals(charts, drawn.getElementsByTagName("path").getLength());
    dashboard.panels().forEach(panel -> assertTrue(says(drawn, panel.title()), panel.title()));
    assertTrue(says(drawn, "now ready"));
    assertTrue(says(drawn, "5 s"), "the last number");
    assertTrue(says(drawn, "a <b> & c"));
  }

  @Test
  void panelWithoutDataSaysSo() throws Exception {
    Panel panel = new Panel("Leaders", "", true, "none", 0, 0, 4, 4, List.of());
    assertTrue(says(draw(new Dashboard("x", List.of(panel)), Map.of(panel, List.of())), "no data"));
  }

  @Test
  void variablesOfTheDashboardAreFilledIn() {
    assertEquals(
        "rate(a{namespace=~\".*\"}[1m])",
        new Query("rate(a{namespace=~\"$namespace\"}[$__rate_interval])", "").over("1m"));
  }

  @ParameterizedTest
  @CsvSource({
    "s, 0, 0 s",
    "s, 0.0000123, 12.3 µs",
    "s, 0.00123, 1.23 ms",
    "s, 12.34, 12.3 s",
    "s, 31535000, 365 d",
    "bytes, 104857600, 100 MiB",
    "ops, 0.25, 0.25/s",
    "none, 1234.2, 1234"
  })
  void valuesAreShort(String unit, double value, String text) {
    assertEquals(text, Unit.text(unit, value));
  }
}
