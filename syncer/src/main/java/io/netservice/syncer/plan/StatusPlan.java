package io.netservice.syncer.plan;

import io.netservice.api.Condition;
import io.netservice.api.EndpointCounts;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the status of a NetService should say. */
final class StatusPlan {

  static final String READY = "Ready";
  static final String DEGRADED = "Degraded";

  private static final int PODS_NAMED = 3;

  private StatusPlan() {}

  /** The status of a NetService for which nothing could be published. */
  static Optional<NetServiceStatus> failed(
      NetService owner, String reason, String what, String now) {
    return change(owner, EndpointCounts.of(0, 0, 0), "False", reason, what, Map.of(), now);
  }

  static Optional<NetServiceStatus> published(NetService owner, Selection selection, String now) {
    List<PublishedEndpoint> endpoints = selection.endpoints();
    int ready = 0;
    for (PublishedEndpoint endpoint : endpoints) {
      ready += endpoint.ready() ? 1 : 0;
    }
    EndpointCounts counts =
        EndpointCounts.of(ready, endpoints.size() - ready, selection.skipped().size());
    String selector = selector(owner);
    if (!endpoints.isEmpty()) {
      return change(
          owner,
          counts,
          "True",
          "Published",
          counts.summary() + " endpoints are ready",
          selection.flawed(),
          now);
    } else if (selection.candidates() == 0) {
      return change(
          owner,
          counts,
          "False",
          "NoMatchingPods",
          "no running pod in this namespace has the labels " + selector,
          selection.flawed(),
          now);
    }
    return change(
        owner,
        counts,
        "False",
        "NoAddressOnNetwork",
        "none of the "
            + selection.candidates()
            + " selected pods has an address on "
            + owner.getSpec().netAttachDef()
            + ": "
            + named(selection.skipped()),
        selection.flawed(),
        now);
  }

  private static Optional<NetServiceStatus> change(
      NetService owner,
      EndpointCounts counts,
      String status,
      String reason,
      String message,
      Map<String, String> flawed,
      String now) {
    NetServiceStatus old =
        owner.getStatus() == null
            ? new NetServiceStatus(null, null, null, null)
            : owner.getStatus();
    long generation = Optional.ofNullable(owner.getMetadata().getGeneration()).orElse(0L);
    List<Condition> conditions = new ArrayList<>();
    conditions.add(condition(old, READY, status, reason, message, generation, now));
    if (!flawed.isEmpty()) {
      conditions.add(
          condition(old, DEGRADED, "True", "PodsSkipped", named(flawed), generation, now));
    } else if (old.conditions().stream().anyMatch(c -> c.type().equals(DEGRADED))) {
      conditions.add(
          condition(
              old, DEGRADED, "False", "AllPodsUsable", "no pod is left out", generation, now));
    }
    NetServiceStatus wanted = new NetServiceStatus(generation, conditions, counts, selector(owner));
    return wanted.equals(old) ? Optional.empty() : Optional.of(wanted);
  }

  private static Condition condition(
      NetServiceStatus old,
      String type,
      String status,
      String reason,
      String message,
      long generation,
      String now) {
    String since =
        old.conditions().stream()
            .filter(c -> c.type().equals(type) && c.status().equals(status))
            .map(Condition::lastTransitionTime)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(now);
    return new Condition(type, status, reason, message, since, generation);
  }

  private static String named(Map<String, String> pods) {
    String first =
        pods.entrySet().stream()
            .limit(PODS_NAMED)
            .map(pod -> "pod " + pod.getKey() + ": " + pod.getValue())
            .collect(Collectors.joining("; "));
    int more = pods.size() - PODS_NAMED;
    return more > 0 ? first + "; and " + more + " more" : first;
  }

  private static String selector(NetService owner) {
    return new TreeMap<>(owner.getSpec().selector())
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
  }
}
