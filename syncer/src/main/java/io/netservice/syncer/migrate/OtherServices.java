package io.netservice.syncer.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netservice.api.NetService;
import io.netservice.validation.NetServiceRules;
import io.netservice.validation.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Services that others publish networks by, as NetServices to review: by the annotations of DANM's
 * svcwatcher or of multus-service.
 */
final class OtherServices {

  private static final String DANM_SELECTOR = "danm.io/selector";
  private static final String DANM_NETWORK = "danm.io/network";
  private static final String MULTUS_NETWORK = "k8s.v1.cni.cncf.io/service-network";

  private final MigrateCommand.From from;

  OtherServices(MigrateCommand.From from) {
    this.from = from;
  }

  /** The NetService for {@code service}, with remarks; empty if it is an ordinary Service. */
  Optional<String> yaml(JsonNode service) {
    JsonNode annotations = service.at("/metadata/annotations");
    if (from == MigrateCommand.From.DANM) {
      return annotations.has(DANM_SELECTOR) && annotations.has(DANM_NETWORK)
          ? Optional.of(danm(service, annotations))
          : Optional.empty();
    }
    return annotations.has(MULTUS_NETWORK)
        ? Optional.of(multusService(service, annotations))
        : Optional.empty();
  }

  private static String danm(JsonNode service, JsonNode annotations) {
    String network = annotations.path(DANM_NETWORK).asText();
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "DANM's network "
            + network
            + " has to be a NetworkAttachmentDefinition, to which Multus attaches the pods.");
    JsonNode selector;
    try {
      selector = ApiObjects.parsed(annotations.path(DANM_SELECTOR).asText());
    } catch (IllegalArgumentException e) {
      return unusable(service, DANM_SELECTOR + " is no JSON: " + e.getMessage());
    }
    if (!selector.isObject()) {
      return unusable(service, DANM_SELECTOR + " is no JSON object");
    }
    return yaml(service, network, selector, remarks);
  }

  private static String multusService(JsonNode service, JsonNode annotations) {
    String network = annotations.path(MULTUS_NETWORK).asText().replace(" ", "");
    return yaml(service, network, service.at("/spec/selector"), new ArrayList<>());
  }

  private static String yaml(
      JsonNode service, String network, JsonNode selector, List<String> remarks) {
    ObjectNode made = ApiObjects.MAPPER.createObjectNode();
    made.put("apiVersion", NetService.API_VERSION).put("kind", NetService.KIND);
    made.putObject("metadata")
        .put("namespace", service.at("/metadata/namespace").asText())
        .put("name", service.at("/metadata/name").asText());
    ObjectNode spec = made.putObject("spec");
    spec.put("netAttachDef", network);
    spec.set("selector", selector.isObject() ? selector : ApiObjects.MAPPER.createObjectNode());
    String type = service.at("/spec/type").asText("ClusterIP");
    if (type.equals("ExternalName")) {
      return unusable(service, "it is an ExternalName");
    } else if (type.equals("LoadBalancer")) {
      spec.put("type", "LoadBalancer");
    } else if (!service.at("/spec/clusterIP").asText().equals("None")) {
      spec.put("type", "ClusterIP");
    }
    if (type.equals("NodePort")) {
      remarks.add("It is a NodePort Service: LoadBalancer is the only type with node ports here.");
    }
    if (!service.at("/spec/ports").isEmpty()) {
      JsonNode ports = service.at("/spec/ports").deepCopy();
      ports.forEach(port -> ((ObjectNode) port).remove("nodePort"));
      spec.set("ports", ports);
    }
    if (service.at("/spec/publishNotReadyAddresses").asBoolean()) {
      spec.put("publishNotReadyAddresses", true);
    }
    List<Violation> violations = NetServiceRules.check(ApiObjects.as(NetService.class, made));
    if (!violations.isEmpty()) {
      return unusable(
          service, violations.stream().map(Violation::message).collect(Collectors.joining("; ")));
    }
    remarks.add(
        "The Service has to be deleted first, as the NetService makes one of this name"
            + (spec.path("type").isMissingNode() ? "." : ", with another cluster IP."));
    StringBuilder text = new StringBuilder("---\n# Service " + named(service) + "\n");
    remarks.forEach(remark -> text.append("# ").append(remark).append('\n'));
    Dump dump = new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build());
    return text.append(dump.dumpToString(ApiObjects.MAPPER.convertValue(made, Object.class)))
        .toString();
  }

  private static String named(JsonNode service) {
    return service.at("/metadata/namespace").asText() + "/" + service.at("/metadata/name").asText();
  }

  /** Messages may quote what somebody wrote: a line break must not end the comment. */
  private static String unusable(JsonNode service, String why) {
    return "---\n# Service "
        + named(service)
        + ": no NetService can be made of it: "
        + why.replaceAll("\\s+", " ")
        + "\n";
  }
}
