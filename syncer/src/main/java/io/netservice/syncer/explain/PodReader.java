package io.netservice.syncer.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.netservice.api.Protocol;
import io.netservice.network.NetworkStatusParser;
import io.netservice.syncer.plan.PodView;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Reads pods from JSON to what the planner sees of them, as the watches do from their bytes. */
public final class PodReader {

  private PodReader() {}

  /** The pod that {@code pod} describes. */
  public static PodView read(JsonNode pod) {
    JsonNode metadata = pod.path("metadata");
    JsonNode spec = pod.path("spec");
    JsonNode status = pod.path("status");
    JsonNode ready = condition(status, "Ready");
    String phase = status.path("phase").asText();
    // While a sandbox is being remade kubelet says Ready=True with the old addresses for a moment.
    boolean sandboxGone =
        condition(status, "PodReadyToStartContainers").path("status").asText().equals("False");
    return new PodView(
        metadata.path("name").asText(),
        metadata.path("uid").asText(),
        seconds(metadata.path("creationTimestamp").asText()),
        spec.path("nodeName").asText(),
        spec.path("hostname").asText(),
        spec.path("subdomain").asText(),
        ready.path("status").asText().equals("True") && !sandboxGone,
        seconds(ready.path("lastTransitionTime").asText()),
        metadata.hasNonNull("deletionTimestamp"),
        phase.equals("Succeeded") || phase.equals("Failed"),
        NetworkStatusParser.parse(networkStatus(metadata), metadata.path("namespace").asText()),
        ports(spec));
  }

  private static String networkStatus(JsonNode metadata) {
    JsonNode annotations = metadata.path("annotations");
    return annotations.hasNonNull(NetworkStatusParser.ANNOTATION)
        ? annotations.path(NetworkStatusParser.ANNOTATION).asText()
        : annotations.path(NetworkStatusParser.OLD_ANNOTATION).asText(null);
  }

  private static JsonNode condition(JsonNode status, String type) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return status.path("conditions").path(type);
  }

  private static long seconds(String time) {
    try {
      return time.isEmpty() ? 0 : OffsetDateTime.parse(time).toEpochSecond();
    } catch (DateTimeParseException notATime) {
      return 0;
    }
  }

  /** Init containers count if they keep running beside the others (sidecars, KEP-753). */
  private static List<PodView.NamedPort> ports(JsonNode spec) {
    List<PodView.NamedPort> ports = new ArrayList<>();
    spec.path("containers").forEach(container -> ports(container, ports));
    for (JsonNode container : spec.path("initContainers")) {
      if (container.path("restartPolicy").asText().equals("Always")) {
        ports(container, ports);
      }
    }
    return ports;
  }

  private static void ports(JsonNode container, List<PodView.NamedPort> ports) {
    for (JsonNode port : container.path("ports")) {
      if (port.hasNonNull("name")) {
        ports.add(
            new PodView.NamedPort(
                port.path("name").asText(),
                Protocol.valueOf(port.path("protocol").asText("TCP")),
                port.path("containerPort").asInt()));
      }
    }
  }
}
