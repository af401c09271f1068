package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netservice.api.Protocol;
import io.netservice.network.NetworkStatusParser;
import io.netservice.syncer.plan.PodView;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads of a pod what the planner needs, straight from the stream; the rest, most of a pod, is
 * stepped over and never becomes an object.
 *
 * <p>For one thread at a time.
 */
final class PodDecoder implements Item.Decoder<PodDecoder.WatchedPod> {

  /**
   * A pod.
   *
   * @param labels its labels, if they are read at all
   */
  record WatchedPod(PodView view, Map<String, String> labels) {}

  private static final Set<String> POD = Set.of("metadata", "spec", "status");
  private static final Set<String> METADATA =
      Set.of(
          "name",
          "namespace",
          "uid",
          "resourceVersion",
          "creationTimestamp",
          "deletionTimestamp",
          "labels",
          "annotations");
  private static final Set<String> ANNOTATIONS =
      Set.of(NetworkStatusParser.ANNOTATION, NetworkStatusParser.OLD_ANNOTATION);
  private static final Set<String> SPEC =
      Set.of("nodeName", "hostname", "subdomain", "containers", "initContainers");
  private static final Set<String> CONTAINER = Set.of("ports", "restartPolicy");
  private static final Set<String> PORT = Set.of("name", "protocol", "containerPort");
  private static final Set<String> STATUS = Set.of("phase", "conditions");
  private static final Set<String> CONDITION = Set.of("type", "status", "lastTransitionTime");

  private final boolean readLabels;
  private final SharedStrings shared;

  /**
   * A decoder.
   *
   * @param readLabels whether labels are needed
   * @param shared keeps one copy of strings that many pods have
   */
  PodDecoder(boolean readLabels, SharedStrings shared) {
    this.readLabels = readLabels;
    this.shared = shared;
  }

  @Override
  public Item<WatchedPod> read(JsonParser json) throws IOException {
    Pod pod = new Pod();
    while (Json.nextField(json, POD)) {
      switch (json.currentName()) {
        case "metadata" -> metadata(json, pod);
        case "spec" -> spec(json, pod);
        default -> status(json, pod);
      }
    }
    return new Item<>(pod.name, pod.resourceVersion, new WatchedPod(pod.view(), pod.labels));
  }

  private void metadata(JsonParser json, Pod pod) throws IOException {
    while (Json.nextField(json, METADATA)) {
      switch (json.currentName()) {
        case "name" -> pod.name = json.getText();
        case "namespace" -> pod.namespace = shared.of(json);
        case "uid" -> pod.uid = json.getText();
        case "resourceVersion" -> pod.resourceVersion = json.getText();
        case "creationTimestamp" -> pod.created = shared.of(json);
        case "deletionTimestamp" -> pod.terminating = true;
        case "labels" -> labels(json, pod);
        default -> {
          while (Json.nextField(json, ANNOTATIONS)) {
            if (json.currentName().equals(NetworkStatusParser.ANNOTATION)) {
              pod.networkStatus = json.getText();
            } else {
              pod.oldNetworkStatus = json.getText();
            }
          }
        }
      }
    }
  }

  private void labels(JsonParser json, Pod pod) throws IOException {
    if (!readLabels) {
      json.skipChildren();
      return;
    }
    pod.labels = new HashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      pod.labels.put(name, json.getText());
    }
  }

  private void spec(JsonParser json, Pod pod) throws IOException {
    while (Json.nextField(json, SPEC)) {
      switch (json.currentName()) {
        case "nodeName" -> pod.nodeName = shared.of(json);
        case "hostname" -> pod.hostname = json.getText();
        case "subdomain" -> pod.subdomain = shared.of(json);
        case "containers" -> containers(json, pod.ports, false);
        default -> containers(json, pod.sidecarPorts, true);
      }
    }
  }

  /** Init containers count if they keep running beside the others (sidecars, KEP-753). */
  private void containers(JsonParser json, List<PodView.NamedPort> ports, boolean sidecarsOnly)
      throws IOException {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      List<PodView.NamedPort> found = new ArrayList<>(0);
      boolean keepsRunning = !sidecarsOnly;
      while (Json.nextField(json, CONTAINER)) {
        if (json.currentName().equals("ports")) {
          ports(json, found);
        } else {
          keepsRunning |= json.getText().equals("Always");
        }
      }
      if (keepsRunning) {
        ports.addAll(found);
      }
    }
  }

  private void ports(JsonParser json, List<PodView.NamedPort> found) throws IOException {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      String name = null;
      Protocol protocol = Protocol.TCP;
      int number = 0;
      while (Json.nextField(json, PORT)) {
        switch (json.currentName()) {
          case "name" -> name = shared.of(json);
          case "protocol" -> protocol = Protocol.valueOf(json.getText());
          default -> number = json.getIntValue();
        }
      }
      if (name != null) {
        found.add(new PodView.NamedPort(name, protocol, number));
      }
    }
  }

  private static void status(JsonParser json, Pod pod) throws IOException {
    while (Json.nextField(json, STATUS)) {
      if (json.currentName().equals("phase")) {
        String phase = json.getText();
        pod.finished = phase.equals("Succeeded") || phase.equals("Failed");
      } else {
        while (json.nextToken() == JsonToken.START_OBJECT) {
          condition(json, pod);
        }
      }
    }
  }

  private static void condition(JsonParser json, Pod pod) throws IOException {
    String type = "";
    String status = "";
    String since = "";
    while (Json.nextField(json, CONDITION)) {
      switch (json.currentName()) {
        case "type" -> type = json.getText();
        case "status" -> status = json.getText();
        default -> since = json.getText();
      }
    }
    if (type.equals("Ready")) {
      pod.ready = status.equals("True");
      pod.readySince = seconds(since);
    } else if (type.equals("PodReadyToStartContainers")) {
      pod.sandboxGone = status.equals("False");
    }
  }

  private static long seconds(String time) {
    try {
      return time.isEmpty() ? 0 : OffsetDateTime.parse(time).toEpochSecond();
    } catch (DateTimeParseException notATime) {
      return 0;
    }
  }

  /** What is gathered of a pod while it is read. */
  private static final class Pod {
    String name = "";
    String namespace = "";
    String uid = "";
    String resourceVersion = "";
    String created = "";
    String nodeName = "";
    String hostname = "";
    String subdomain = "";
    String networkStatus;
    String oldNetworkStatus;
    boolean ready;
    long readySince;
    boolean sandboxGone;
    boolean terminating;
    boolean finished;
    Map<String, String> labels = Map.of();
    final List<PodView.NamedPort> ports = new ArrayList<>(0);
    final List<PodView.NamedPort> sidecarPorts = new ArrayList<>(0);

    /**
     * Ready, and not while its sandbox is being remade: kubelet says Ready=True with the old
     * addresses for a moment then, and PodReadyToStartContainers=False. Named ports in the order
     * that FindPort of k8s.io/kubernetes looks: containers, then sidecars.
     */
    PodView view() {
      ports.addAll(sidecarPorts);
      return new PodView(
          name,
          uid,
          created,
          nodeName,
          hostname,
          subdomain,
          ready && !sandboxGone,
          readySince,
          terminating,
          finished,
          NetworkStatusParser.parse(
              networkStatus == null ? oldNetworkStatus : networkStatus, namespace),
          ports);
    }
  }
}
