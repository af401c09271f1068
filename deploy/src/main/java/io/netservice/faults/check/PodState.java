package io.netservice.faults.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netservice.faults.load.Net;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What of a pod decides what is to be published of it. */
record PodState(
    String namespace,
    String name,
    String app,
    String node,
    boolean ready,
    boolean terminating,
    Map<Net, List<String>> addresses) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Reads a pod; the addresses are written in the canonical form. */
  static PodState of(JsonNode pod) {
    boolean ready = false;
    for (JsonNode condition : pod.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        ready = condition.path("status").asText().equals("True");
      }
    }
    JsonNode metadata = pod.path("metadata");
    return new PodState(
        metadata.path("namespace").asText(),
        metadata.path("name").asText(),
        metadata.path("labels").path("app").asText(),
        pod.at("/spec/nodeName").asText(),
        ready,
        metadata.has("deletionTimestamp"),
        addresses(metadata.path("annotations").path("k8s.v1.cni.cncf.io/network-status").asText()));
  }

  private static Map<Net, List<String>> addresses(String status) {
    Map<Net, List<String>> result = new EnumMap<>(Net.class);
    if (status.isEmpty()) {
      return result;
    }
    try {
      for (JsonNode entry : MAPPER.readTree(status)) {
        List<String> ips = new ArrayList<>();
        entry.path("ips").forEach(ip -> ips.add(ip.asText()));
        for (Net net : Net.values()) {
          if (net.title().equals(entry.path("name").asText())) {
            result.put(net, ips);
          }
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not what was written: " + status, e);
    }
    return result;
  }
}
