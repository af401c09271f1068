package io.netservice.bench.report;

import static io.netservice.bench.report.Metric.SLICES_P50;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netservice.bench.subject.Subject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

class ReportsTest {

  private static final Goal HALF = Goal.ratio(SLICES_P50, Subject.KCM, 0.5);

  private static final Result MEASURED =
      new Rounds().goal(HALF).round(SLICES_P50, 6, 10).round(SLICES_P50, 5, 10).result();

  @Test
  void headlineSaysRatioRangeGoalAndWhetherItIsMet() {
    String line = TextReport.headline(List.of(MEASURED)).lines().skip(1).findFirst().orElseThrow();
    assertEquals(
        "change-100 slices p50 / kcm 0.55 0.50 - 0.60 0.50 x NO 5.50 ms 10.0 ms",
        line.strip().replaceAll(" +", " "));
  }

  @Test
  void lostChangesStandInTheHeadline() {
    Result result = new Rounds().goal(HALF).losing(4).result();
    assertTrue(TextReport.headline(List.of(result)).contains("LOST CHANGES"));
    assertFalse(TextReport.headline(List.of(MEASURED)).contains("LOST"));
  }

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    TextTable table = new TextTable(1, "name", "value");
    table.add(List.of("a", "123456"));
    assertEquals("  name   value\n  a     123456\n", table.toString());
  }

  @Test
  void jsonHasEveryRoundAndTheVerdict() throws Exception {
    JsonNode json = new ObjectMapper().readTree(JsonReport.of(Rounds.machine(), List.of(MEASURED)));
    JsonNode scenario = json.get("scenarios").get(0);
    assertEquals(0.55, scenario.get("goals").get(0).get("median").asDouble());
    assertFalse(scenario.get("goals").get(0).get("met").asBoolean());
    JsonNode ours = scenario.get("subjects").get(1);
    assertEquals("netservice", ours.get("id").asText());
    assertEquals(6, ours.get("rounds").get(0).get("slices p50 [ms]").asDouble());
    assertEquals(2, ours.get("rounds").size());
    assertEquals("2 x <fast> & quiet", json.get("machine").get("processors").asText());
  }

  @Test
  void jsonOfWhatWasNotMeasuredIsValid() throws Exception {
    Result result = new Rounds().goal(HALF).losing(1).result();
    JsonNode json = new ObjectMapper().readTree(JsonReport.of(Rounds.machine(), List.of(result)));
    assertFalse(json.get("scenarios").get(0).get("goals").get(0).has("median"));
  }

  @Test
  void chartHasABarForEachSideAndAMarkForTheGoal() throws Exception {
    Document chart = chart(MEASURED);
    double ours = length(chart, "ours");
    double theirs = length(chart, "theirs");
    assertEquals(0.55, ours / theirs, 0.001);
    double left = attribute(chart, "rect", "ours", "x", 1);
    double goal = attribute(chart, "line", "goal", "x1", 1);
    assertEquals(0.5, (goal - left) / theirs, 0.001);
  }

  @Test
  void chartOfAValueHasNoBarForWhoWasNotMeasured() throws Exception {
    Result result =
        new Rounds()
            .goal(Goal.value(Metric.READY_TIME, 1))
            .round(Metric.READY_TIME, 0.5, Double.NaN)
            .result();
    result.rounds().get(0).remove(Subject.KCM);
    Document chart = chart(result);
    assertEquals(1, count(chart, "theirs"));
    assertEquals(2, count(chart, "ours"));
  }

  @ParameterizedTest
  @CsvSource({
    "MILLISECONDS, 4.237, 4.24 ms",
    "MILLISECONDS, 42.37, 42.4 ms",
    "MILLISECONDS, 423.7, 424 ms",
    "MILLISECONDS, 4237, 4.24 s",
    "MILLISECONDS, -0.5, -0.50 ms",
    "SECONDS, 0.04, 0.04 s",
    "MEGABYTES, 95.6, 96 MB",
    "BYTES, 2048, 2048 bytes",
    "COUNT, 165, 165",
  })
  void valuesAreShownWithTheDigitsThatMeanSomething(Unit unit, double value, String shown) {
    assertEquals(shown, unit.show(value));
  }

  private static Document chart(Result result) throws Exception {
    String svg = SvgChart.of(Rounds.machine(), List.of(result));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  /** The length of a bar; the first of its class is in the legend. */
  private static double length(Document chart, String style) {
    return attribute(chart, "rect", style, "width", 1);
  }

  private static double attribute(
      Document chart, String element, String style, String name, int index) {
    var elements = chart.getElementsByTagName(element);
    int seen = 0;
    for (int i = 0; i < elements.getLength(); i++) {
      var attributes = elements.item(i).getAttributes();
      if (attributes.getNamedItem("class").getNodeValue().equals(style) && seen++ == index) {
        return Double.parseDouble(attributes.getNamedItem(name).getNodeValue());
      }
    }
    throw new AssertionError("no " + element + " number " + index + " of class " + style);
  }

  private static int count(Document chart, String style) {
    var elements = chart.getElementsByTagName("rect");
    int count = 0;
    for (int i = 0; i < elements.getLength(); i++) {
      count +=
          elements.item(i).getAttributes().getNamedItem("class").getNodeValue().equals(style)
              ? 1
              : 0;
    }
    return count;
  }
}
