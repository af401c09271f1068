package io.netservice.faults.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;

/** The JSON of pods as kubelet and Multus write them. */
final class PodBodies {

  static final String STATUS = "k8s.v1.cni.cncf.io/network-status";

  private static final ObjectMapper JSON = new ObjectMapper();

  private PodBodies() {}

  /** A pod that the scheduler has put on a node. */
  static String pod(String namespace, String name, String app, String node) {
    return """
    {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"%s","name":"%s","labels":{"app":"%s"}},
    "spec":{"nodeName":"%s","terminationGracePeriodSeconds":30,
    "containers":[{"name":"main","image":"registry.example.org/backend:1",
    "ports":[{"name":"http","containerPort":8080}]}]}}"""
        .formatted(namespace, name, app, node);
  }

  /** A merge patch with the network status; an empty number for a pod without addresses. */
  static String network(OptionalInt number) {
    ArrayNode networks = JSON.createArrayNode();
    for (Net net : Net.values()) {
      ObjectNode entry = networks.addObject();
      entry.put("name", net.title()).put("interface", net.device());
      if (net == Net.DEFAULT) {
        entry.put("default", true);
      }
      if (number.isPresent()) {
        ArrayNode ips = entry.putArray("ips");
        for (Family family : Family.values()) {
          ips.add(net.address(family, number.getAsInt()));
        }
      }
    }
    ObjectNode patch = JSON.createObjectNode();
    patch.putObject("metadata").putObject("annotations").put(STATUS, networks.toString());
    return patch.toString();
  }

  /** A merge patch with the status of kubelet. */
  static String status(boolean ready, int number) {
    ObjectNode patch = JSON.createObjectNode();
    ObjectNode status = patch.putObject("status");
    String address = Net.DEFAULT.address(Family.IPV4, number);
    status.put("phase", "Running").put("podIP", address);
    status.putArray("podIPs").addObject().put("ip", address);
    ArrayNode conditions = status.putArray("conditions");
    for (String type : new String[] {"PodReadyToStartContainers", "Ready", "ContainersReady"}) {
      boolean holds = ready || type.equals("PodReadyToStartContainers");
      conditions.addObject().put("type", type).put("status", holds ? "True" : "False");
    }
    return patch.toString();
  }

  static String label(String app) {
    return "{\"metadata\":{\"labels\":{\"app\":\"" + app + "\"}}}";
  }
}
