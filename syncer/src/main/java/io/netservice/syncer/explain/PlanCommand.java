package io.netservice.syncer.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.netservice.api.NetService;
import io.netservice.runtime.Program;
import io.netservice.validation.NetServiceReader;
import io.netservice.validation.NetServiceRules;
import io.netservice.validation.Violation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plan}: what the syncer would publish if files were the cluster. Nothing is asked. */
@Command(
    name = "plan",
    description = {
      "Prints what would be published for the NetServices in files if there were nothing else in a"
          + " cluster than what the files hold: pods, Nodes, networks, Services.",
      "Fails if a NetService breaks a rule, or has a field that there is not. No cluster is asked."
    })
public final class PlanCommand extends Program {

  /** How a plan is printed. */
  enum Output {
    TEXT,
    JSON,
    YAML
  }

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      required = true,
      arity = "1..*",
      description = "YAML or JSON, a folder of such files, or - for standard input.")
  private List<Path> files;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      defaultValue = "default",
      description = "The namespace of objects that name none. Default: ${DEFAULT-VALUE}.")
  private String namespace;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json|yaml",
      defaultValue = "text",
      description =
          "text or json explain each NetService; yaml prints the objects themselves. Default:"
              + " ${DEFAULT-VALUE}.")
  private Output output;

  @Mixin private PlanOptions planOptions;

  @Override
  public Integer call() throws IOException, Source.UnknownException {
    FileSource source = new FileSource(files, namespace);
    Explainer explainer = new Explainer(source, planOptions.planner(), ExplainCommand.now());
    List<NetService> owners = netServices(source);
    PrintWriter out = commandLine().getOut();
    List<Object> explanations = new ArrayList<>();
    List<String> text = new ArrayList<>();
    for (NetService owner : owners) {
      Outcome outcome = explainer.outcome(owner);
      if (output == Output.YAML) {
        outcome.objects().forEach(object -> out.print(yaml(object)));
        continue;
      }
      explanations.add(outcome.explanation());
      if (!text.isEmpty()) {
        text.add("");
      }
      text.addAll(TextReport.planned(outcome));
    }
    if (output != Output.YAML) {
      ExplainCommand.print(
          out,
          output == Output.JSON ? ExplainCommand.Output.JSON : ExplainCommand.Output.TEXT,
          explanations,
          text);
    }
    out.flush();
    return 0;
  }

  private static List<NetService> netServices(FileSource source) {
    List<NetService> owners = new ArrayList<>();
    for (JsonNode each : source.all(Kind.NET_SERVICE)) {
      checked(each);
      // With its status, which tells since when a condition is what it is.
      NetService owner = Facts.read(each, NetService.class);
      owners.add(owner);
    }
    if (owners.isEmpty()) {
      throw new IllegalArgumentException("the files hold no NetService");
    }
    return owners;
  }

  /** Passes what {@code kubectl apply} would get past the API server. */
  private static void checked(JsonNode object) {
    String broken;
    try {
      broken =
          NetServiceRules.check(NetServiceReader.STRICT.read(object)).stream()
              .map(Violation::message)
              .collect(Collectors.joining("; "));
    } catch (NetServiceReader.MisfitException e) {
      broken = e.getMessage();
    }
    if (!broken.isEmpty()) {
      JsonNode metadata = object.path("metadata");
      throw new IllegalArgumentException(
          "NetService "
              + metadata.path("namespace").asText()
              + "/"
              + metadata.path("name").asText()
              + ": "
              + broken);
    }
  }

  private static String yaml(Object object) {
    Dump dump =
        new Dump(
            DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setExplicitStart(true)
                .build());
    return dump.dumpToString(Facts.MAPPER.convertValue(object, Object.class));
  }
}
