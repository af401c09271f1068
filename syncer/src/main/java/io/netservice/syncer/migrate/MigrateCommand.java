package io.netservice.syncer.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.api.Predecessor;
import io.netservice.http.ApiClient;
import io.netservice.http.ApiServer;
import io.netservice.http.WriteGate;
import io.netservice.network.NamespaceIsolation;
import io.netservice.runtime.Durations;
import io.netservice.runtime.Program;
import io.netservice.syncer.explain.ApiSource;
import io.netservice.syncer.explain.Explainer;
import io.netservice.syncer.explain.Source;
import io.netservice.syncer.plan.Planner;
import io.netservice.syncer.plan.PlannerSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code migrate}: from the proof of concept and its kin to NetServices. */
@Command(
    name = "migrate",
    description = {
      "Takes over NetServices of the proof of concept (net-service-controller) with their Services"
          + " and Endpoints in place, so that no address is missing at any time. Stop its operator"
          + " first; the syncer has to run.",
      "Tells what it would do, and does it with --apply. It can be stopped and repeated at any"
          + " point. It needs the rights of an administrator."
    })
public final class MigrateCommand extends Program {

  /** How long an answer may take. */
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** Where one comes from. */
  enum From {
    PROOF_OF_CONCEPT("proof-of-concept"),
    DANM("danm"),
    MULTUS_SERVICE("multus-service");

    private final String text;

    From(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  @Parameters(
      arity = "0..*",
      paramLabel = "[NAMESPACE/]NAME",
      description = "Only these. Default: all.")
  private List<String> names = List.of();

  @Option(names = "--apply", description = "Do it, rather than tell what would be done.")
  private boolean apply;

  @Option(
      names = "--rollback",
      description =
          "The other way: bring the old NetServices back, while their CustomResourceDefinition is"
              + " there. With --apply, too, to do it.")
  private boolean rollback;

  @Option(
      names = "--from",
      paramLabel = "proof-of-concept|danm|multus-service",
      defaultValue = "proof-of-concept",
      description =
          "For danm (Services annotated for its svcwatcher) and multus-service (Services with"
              + " k8s.v1.cni.cncf.io/service-network) NetServices are printed as YAML to review,"
              + " and nothing is written. Default: ${DEFAULT-VALUE}.")
  private From from;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Only this namespace, and that of a name without one, else default.")
  private String namespace;

  @Option(
      names = "--network",
      paramLabel = "NAME=NAMESPACE/NAME",
      description =
          "The network that old NetServices call NAME. Default: that on which pods have the"
              + " addresses that are published, else the only one of that name.")
  private Map<String, String> networks = Map.of();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "How long to wait for the syncer, and others. Default: ${DEFAULT-VALUE}.")
  private String timeout;

  @Override
  public Integer call() throws InterruptedException {
    Duration patience =
        Durations.parse(timeout)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--timeout " + timeout + ": must be a time, as 500ms, 15s, 2m or 1h"));
    networks.forEach(
        (name, network) -> {
          if (!network.matches("[^/]+/[^/]+")) {
            throw new IllegalArgumentException(
                "--network " + name + "=" + network + ": must be NAME=NAMESPACE/NAME");
          }
        });
    Config config = clientConfig();
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (ApiClient client =
        new ApiClient(new ApiServer(config), 1, ANSWER, WriteGate.OPEN, timer)) {
      ApiObjects api = new ApiObjects(client);
      PrintWriter out = commandLine().getOut();
      if (from != From.PROOF_OF_CONCEPT) {
        return print(api, out);
      }
      Source source = new ApiSource(client);
      Planner planner =
          new Planner(
              new PlannerSettings(PlannerSettings.DEFAULT_MAX, true, NamespaceIsolation.off()));
      Explainer explainer = new Explainer(source, planner, Instant.now().toString());
      return migrate(api, new Migration(api, source, explainer, networks, patience, out), out);
    } finally {
      timer.shutdownNow();
    }
  }

  private int migrate(ApiObjects api, Migration migration, PrintWriter out)
      throws InterruptedException {
    Optional<List<JsonNode>> old = api.list(Paths.ALL_OLD, "");
    if (old.isEmpty()) {
      out.println("this cluster has no kind NetService of " + Predecessor.API_VERSION);
      return rollback ? 1 : 0;
    }
    List<JsonNode> found = new ArrayList<>(old.get());
    List<JsonNode> fresh =
        api.list(Paths.ALL_FRESH, "")
            .orElseThrow(() -> new IllegalArgumentException("install NetService first"));
    if (rollback) {
      fresh.stream()
          .filter(each -> each.at("/metadata/annotations").has(Predecessor.MIGRATED_FROM))
          .forEach(found::add);
    }
    Set<String> keys = new TreeSet<>();
    found.forEach(each -> keys.add(key(each)));
    keys.removeIf(each -> !isAsked(each));
    int failed = 0;
    for (String key : keys) {
      out.println(key);
      try {
        migrate(migration, key);
      } catch (TimeoutException e) {
        out.println("  stopped    " + e.getMessage());
        return 1; // It would be the same with the others.
      } catch (RefusedException | Source.UnknownException | KubernetesClientException e) {
        out.println("  left       " + e.getMessage());
        failed++;
      }
      out.flush();
    }
    out.println(
        keys.size()
            + " looked at, "
            + failed
            + " can't be done"
            + (apply ? "" : "; nothing was changed: --apply does it"));
    return failed == 0 ? 0 : 1;
  }

  private void migrate(Migration migration, String key)
      throws RefusedException, Source.UnknownException, TimeoutException, InterruptedException {
    String[] parts = key.split("/", 2);
    if (rollback) {
      migration.backward(parts[0], parts[1], apply);
    } else {
      migration.forward(parts[0], parts[1], apply);
    }
  }

  private static String key(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    return metadata.path("namespace").asText() + "/" + metadata.path("name").asText();
  }

  private boolean isAsked(String key) {
    if (names.isEmpty()) {
      return namespace == null || key.startsWith(namespace + "/");
    }
    String within = namespace == null ? "default" : namespace;
    return names.stream()
        .map(name -> name.contains("/") ? name : within + "/" + name)
        .anyMatch(key::equals);
  }

  private int print(ApiObjects api, PrintWriter out) {
    OtherServices services = new OtherServices(from);
    api.list(Paths.ALL_SERVICES, "").orElse(List.of()).stream()
        .filter(each -> isAsked(key(each)))
        .map(services::yaml)
        .flatMap(Optional::stream)
        .forEach(out::print);
    out.flush();
    return 0;
  }
}
