package io.netservice.deploy;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.netservice.dashboard.Dashboard;
import io.netservice.dashboard.PrometheusApi.Point;
import io.netservice.dashboard.PrometheusApi.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code components/monitoring} brings, on a real Prometheus. */
class MonitoringIT {

  private static final Path COMPONENT = Path.of("components", "monitoring");
  private static final Path RUNBOOK = Path.of("docs", "alerts.md");
  private static final Path TESTS =
      Path.of("src", "test", "resources", "monitoring", "alerts.test.yaml");
  private static final Pattern OWN_METRIC = Pattern.compile("\\bnetservice_[a-z_]+");

  private final Cluster cluster = Cluster.get();
  @TempDir private Path folder;
  private JsonNode rules;
  private Path rulesFile;

  @BeforeEach
  void readRules() throws IOException {
    rules = yaml(COMPONENT.resolve("rules.yaml")).path("spec");
    // Prometheus reads JSON, too.
    rulesFile = Files.writeString(folder.resolve("rules.yaml"), rules.toString());
  }

  private static JsonNode yaml(Path file) throws IOException {
    return new ObjectMapper()
        .valueToTree(Serialization.unmarshal(Files.readString(file), Map.class));
  }

  private List<JsonNode> alerts() {
    List<JsonNode> alerts = new ArrayList<>();
    rules.path("groups").forEach(group -> group.path("rules").forEach(alerts::add));
    return alerts;
  }

  private Set<String> alertNames() {
    return alerts().stream()
        .map(alert -> alert.path("alert").asText())
        .collect(toCollection(TreeSet::new));
  }

  private String promtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(cluster.controlPlane().binaries().resolve("promtool").toString());
    command.addAll(List.of(arguments));
    return JarProcess.startCommand("promtool", command).awaitSuccess();
  }

  @Test
  void eachAlertFiresWhenItShouldAndNotOtherwise() throws Exception {
    promtool("check", "rules", "--lint-fatal", rulesFile.toString());
    Path tests = Files.copy(TESTS, folder.resolve("tests.yaml"));
    String output = promtool("test", "rules", tests.toString());
    assertTrue(output.contains("SUCCESS"), output);

    Set<String> firing = new TreeSet<>();
    for (JsonNode test : yaml(TESTS).path("tests")) {
      for (JsonNode each : test.path("alert_rule_test")) {
        if (!each.path("exp_alerts").isEmpty()) {
          firing.add(each.path("alertname").asText());
        }
      }
    }
    assertEquals(alertNames(), firing);
  }

  @Test
  void eachAlertHasWordsForAPersonAndARunbook() throws IOException {
    for (JsonNode alert : alerts()) {
      assertTrue(
          Set.of("warning", "critical").contains(alert.path("labels").path("severity").asText()),
          alert::toString);
      assertFalse(alert.path("annotations").path("summary").asText().isBlank(), alert::toString);
      assertFalse(
          alert.path("annotations").path("description").asText().isBlank(), alert::toString);
    }
    Set<String> headings =
        Files.readString(RUNBOOK)
            .lines()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3))
            .collect(toCollection(TreeSet::new));
    assertEquals(alertNames(), headings);
  }

  @Test
  void rulesAndDashboardAskForMetricsThatThereAre() throws IOException {
    Set<String> documented = new TreeSet<>();
    for (String heading : List.of("Syncer", "Webhook", "Both")) {
      documented.addAll(MetricTable.documented(heading).keySet());
    }
    String asked =
        Files.readString(COMPONENT.resolve("rules.yaml"))
            + Files.readString(COMPONENT.resolve("dashboard.json"));
    Set<String> unknown =
        OWN_METRIC
            .matcher(asked)
            .results()
            .map(MatchResult::group)
            .map(name -> name.replaceFirst("_bucket$", ""))
            .filter(name -> !documented.contains(name))
            .collect(toCollection(TreeSet::new));
    assertEquals(Set.of(), unknown);
  }

  /** What the pods of the install are called, and the name of their port. */
  @Test
  void podsOfTheInstallAreTheOnesThatAreScraped() throws Exception {
    Path overlay = Path.of("target", "monitoring-overlay");
    Files.createDirectories(overlay);
    Files.writeString(
        overlay.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [../../base]
        components: [../../components/monitoring]
        """);
    String built = cluster.kubectl("kustomize", overlay.toString());
    List<JsonNode> objects =
        Stream.of(built.split("(?m)^---$"))
            .map(
                text ->
                    new ObjectMapper()
                        .<JsonNode>valueToTree(Serialization.unmarshal(text, Map.class)))
            .toList();
    JsonNode monitor = only(objects, "PodMonitor", "netservice");
    JsonNode policy = only(objects, "NetworkPolicy", "netservice-metrics-from-prometheus");
    assertEquals(monitor.path("spec").path("selector"), policy.path("spec").path("podSelector"));
    for (String program : List.of("netservice-syncer", "netservice-webhook")) {
      JsonNode pod = only(objects, "Deployment", program).path("spec").path("template");
      JsonNode expression = monitor.path("spec").path("selector").path("matchExpressions").path(0);
      String label = expression.path("key").asText();
      assertEquals(program, pod.path("metadata").path("labels").path(label).asText());
      assertTrue(expression.path("values").toString().contains("\"" + program + "\""));
      assertEquals(label, monitor.path("spec").path("jobLabel").asText());
      String port = monitor.path("spec").path("podMetricsEndpoints").path(0).path("port").asText();
      assertTrue(
          pod.path("spec")
              .path("containers")
              .path(0)
              .path("ports")
              .findValuesAsText("name")
              .contains(port),
          pod::toString);
    }
    assertEquals(
        Files.readString(COMPONENT.resolve("dashboard.json")),
        only(objects, "ConfigMap", "netservice-dashboard")
            .path("data")
            .path("netservice.json")
            .asText());
  }

  private static JsonNode only(List<JsonNode> objects, String kind, String name) {
    List<JsonNode> found =
        objects.stream()
            .filter(object -> object.path("kind").asText().equals(kind))
            .filter(object -> object.path("metadata").path("name").asText().equals(name))
            .toList();
    assertEquals(1, found.size(), kind + " " + name);
    return found.get(0);
  }

  @Test
  void prometheusScrapesBothProgramsAndEveryPanelShowsSomething() throws Exception {
    String namespace = cluster.newNamespace("monitoring");
    TestPods pods = new TestPods(cluster.client(), namespace);
    pods.ready("one", "db", namespace + "/core", "10.70.0.1");
    cluster.netService(namespace, "db", "netAttachDef: core\nselector: {app: db}");
    Dashboard dashboard = Dashboard.read(COMPONENT.resolve("dashboard.json"));
    try (Prometheus prometheus =
        Prometheus.start(
            cluster.controlPlane(),
            rulesFile,
            Map.of(
                "netservice-syncer", cluster.syncer().statusAddress(),
                "netservice-webhook", cluster.webhook().statusAddress()))) {
      Await.equal("targets that are up", 2L, () -> ask(prometheus, "up == 1").stream().count());
      int changes = 0;
      for (Dashboard.Panel panel : dashboard.panels()) {
        for (Dashboard.Query query : panel.queries()) {
          String expression = query.over("10s");
          while (ask(prometheus, expression).stream().noneMatch(MonitoringIT::hasNumber)) {
            // Rates need something to happen, to either program.
            String address = "10.70." + (1 + ++changes / 250) + "." + changes % 250;
            assertTrue(changes < 600, () -> panel.title() + " shows nothing: " + expression);
            pods.annotate("one", TestPods.STATUS, TestPods.status(namespace + "/core", address));
            cluster.netService(
                namespace,
                "db",
                "netAttachDef: core\nselector: {app: db}\npublishNotReadyAddresses: "
                    + (changes % 2 == 0));
            Await.aMoment();
          }
        }
      }
      for (JsonNode group : prometheus.api().get("/api/v1/rules").path("groups")) {
        group.path("rules").forEach(rule -> assertEquals("ok", rule.path("health").asText()));
      }
      assertEquals(List.of(), ask(prometheus, "ALERTS{alertstate=\"firing\"}"));
    }
  }

  private static List<Series> ask(Prometheus prometheus, String expression) {
    try {
      return prometheus.api().now(expression);
    } catch (IOException e) {
      throw new AssertionError(prometheus.output(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static boolean hasNumber(Series series) {
    return series.points().stream().map(Point::value).allMatch(Double::isFinite);
  }
}
