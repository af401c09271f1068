package io.netservice.syncer.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.client.Config;
import io.netservice.http.ApiClient;
import io.netservice.http.ApiServer;
import io.netservice.http.WriteGate;
import io.netservice.runtime.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain}: why a pod is or is not in a NetService of a cluster. It writes nothing. */
@Command(
    name = "explain",
    description = {
      "Tells why a pod is or is not in a NetService, and what differs between what should be"
          + " published and what is.",
      "It reads with your own rights, and writes nothing."
    })
public final class ExplainCommand extends Program {

  /** How long an answer may take. */
  private static final Duration ANSWER = Duration.ofSeconds(30);

  @Parameters(
      arity = "0..1",
      paramLabel = "[NAMESPACE/]NETSERVICE",
      description = "The NetService.")
  private String netService;

  @Option(
      names = "--pod",
      paramLabel = "[NAMESPACE/]POD",
      description = "Instead, what the NetServices of its namespace make of this pod.")
  private String pod;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description =
          "The namespace of a name without one. Default: that of the kubeconfig, or default.")
  private String namespace;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How it is printed. Default: ${DEFAULT-VALUE}.")
  private Output output;

  @Mixin private PlanOptions planOptions;

  /** How an explanation is printed. */
  enum Output {
    TEXT,
    JSON
  }

  @Override
  public Integer call() throws IOException, Source.UnknownException {
    if ((netService == null) == (pod == null)) {
      throw new IllegalArgumentException("either a NetService or --pod must be named");
    }
    Config config = clientConfig();
    String[] name = name(netService == null ? pod : netService, config.getNamespace());
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (ApiClient client =
        new ApiClient(new ApiServer(config), 1, ANSWER, WriteGate.OPEN, timer)) {
      Explainer explainer = new Explainer(new ApiSource(client), planOptions.planner(), now());
      PrintWriter out = commandLine().getOut();
      if (pod != null) {
        PodExplanation explanation = explainer.explainPod(name[0], name[1]);
        print(out, output, explanation, TextReport.lines(explanation));
      } else {
        Explanation explanation = explainer.explain(explainer.netService(name[0], name[1]));
        print(out, output, explanation, TextReport.lines(explanation));
      }
      return 0;
    } finally {
      timer.shutdownNow();
    }
  }

  private String[] name(String text, String ofContext) {
    int slash = text.indexOf('/');
    String own = ofContext == null || ofContext.isEmpty() ? "default" : ofContext;
    String[] name = {
      slash >= 0 ? text.substring(0, slash) : namespace == null ? own : namespace,
      text.substring(slash + 1)
    };
    if (!name[0].matches("[-a-z0-9]+") || !name[1].matches("[-.a-z0-9]+")) {
      throw new IllegalArgumentException(text + ": must be a name or namespace/name");
    }
    return name;
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static void print(PrintWriter out, Output output, Object explanation, List<String> text)
      throws JsonProcessingException {
    if (output == Output.JSON) {
      out.println(Facts.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(explanation));
    } else {
      text.forEach(out::println);
    }
    out.flush();
  }
}
