package io.netservice.syncer.plan;

import io.netservice.api.Condition;
import io.netservice.api.EndpointCounts;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceStatus;
import io.netservice.api.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the status of a NetService should say. Everything is compared with the status that it has: a
 * time moves only when the status of its condition does.
 */
final class StatusPlan {

  private static final NetServiceStatus NONE = new NetServiceStatus(null, null, null, null);

  private static final int PODS_NAMED = 3;

  /** How much is told of what the API server says: it may repeat a whole object. */
  private static final int MAX_QUOTED = 1024;

  private final NetService owner;
  private final NetServiceStatus old;
  private final String now;

  private StatusPlan(NetService owner, String now) {
    this.owner = owner;
    this.old = owner.getStatus() == null ? NONE : owner.getStatus();
    this.now = now;
  }

  /**
   * The status of a NetService for which nothing is to be published, so that nobody looks at its
   * pods; empty if it says so already.
   */
  static Optional<NetServiceStatus> failed(
      NetService owner, Reason reason, String what, String now) {
    StatusPlan plan = new StatusPlan(owner, now);
    return plan.change(EndpointCounts.of(0, 0, 0), List.of(plan.condition(reason, what)));
  }

  /**
   * The status of a NetService whose endpoints stay as they are, because they can't be written;
   * empty if it says so already.
   */
  static Optional<NetServiceStatus> stuck(
      NetService owner, Reason reason, String what, String now) {
    StatusPlan plan = new StatusPlan(owner, now);
    List<Condition> conditions = new ArrayList<>();
    String told = what.length() > MAX_QUOTED ? what.substring(0, MAX_QUOTED) + "..." : what;
    conditions.add(plan.condition(reason, told));
    plan.known(Condition.DEGRADED).ifPresent(conditions::add);
    EndpointCounts counts =
        plan.old.endpoints() == null ? EndpointCounts.of(0, 0, 0) : plan.old.endpoints();
    return plan.change(counts, conditions);
  }

  /** The status of a NetService whose endpoints are published; empty if it says so already. */
  static Optional<NetServiceStatus> published(
      NetService owner, Selection selection, boolean networkMissing, String now) {
    StatusPlan plan = new StatusPlan(owner, now);
    List<PublishedEndpoint> endpoints = selection.endpoints();
    int ready = 0;
    for (PublishedEndpoint endpoint : endpoints) {
      ready += endpoint.ready() ? 1 : 0;
    }
    EndpointCounts counts =
        EndpointCounts.of(ready, endpoints.size() - ready, selection.skipped().size());
    List<Condition> conditions = new ArrayList<>();
    conditions.add(plan.ready(selection, counts, networkMissing));
    plan.degraded(selection, networkMissing && !endpoints.isEmpty()).ifPresent(conditions::add);
    return plan.change(counts, conditions);
  }

  private Condition ready(Selection selection, EndpointCounts counts, boolean networkMissing) {
    if (!selection.endpoints().isEmpty()) {
      return condition(Reason.PUBLISHED, counts.summary() + " endpoints are ready");
    } else if (networkMissing) {
      return condition(
          Reason.NETWORK_NOT_FOUND,
          "there is no NetworkAttachmentDefinition "
              + selection.network()
              + ": create it or name another network");
    } else if (selection.candidates() == 0) {
      return condition(
          Reason.NO_MATCHING_PODS,
          "no running pod in this namespace has the labels "
              + Names.selector(owner.getSpec().selector()));
    }
    return condition(
        Reason.NO_ADDRESS_ON_NETWORK,
        (selection.candidates() == 1
                ? "the one selected pod has no address on "
                : "none of the " + selection.candidates() + " selected pods has an address on ")
            + owner.getSpec().netAttachDef()
            + ": "
            + named(selection.skipped()));
  }

  private Optional<Condition> degraded(Selection selection, boolean networkGone) {
    String pods = named(selection.troubled());
    if (networkGone) {
      return Optional.of(
          condition(
              Reason.NETWORK_GONE,
              "there is no NetworkAttachmentDefinition "
                  + selection.network()
                  + " any more: no further pod can be attached to it"
                  + (pods.isEmpty() ? "" : "; " + pods)));
    } else if (!pods.isEmpty()) {
      return Optional.of(condition(Reason.PODS_SKIPPED, pods));
    }
    return known(Condition.DEGRADED)
        .map(before -> condition(Reason.ALL_PODS_USABLE, "no pod is left out"));
  }

  private Optional<Condition> known(String type) {
    return old.conditions().stream().filter(each -> each.type().equals(type)).findFirst();
  }

  private Condition condition(Reason reason, String message) {
    String since =
        known(reason.condition())
            .filter(before -> before.status().equals(reason.status()))
            .map(Condition::lastTransitionTime)
            .filter(Objects::nonNull)
            .orElse(now);
    return Condition.of(reason, message, since, generation());
  }

  private long generation() {
    return Optional.ofNullable(owner.getMetadata().getGeneration()).orElse(0L);
  }

  private Optional<NetServiceStatus> change(EndpointCounts counts, List<Condition> conditions) {
    NetServiceStatus wanted =
        new NetServiceStatus(
            generation(), conditions, counts, Names.selector(owner.getSpec().selector()));
    return wanted.equals(old) ? Optional.empty() : Optional.of(wanted);
  }

  private static String named(Map<String, PodEndpoints> pods) {
    String first =
        pods.entrySet().stream()
            .limit(PODS_NAMED)
            .map(pod -> "pod " + pod.getKey() + ": " + pod.getValue().trouble())
            .collect(Collectors.joining("; "));
    int more = pods.size() - PODS_NAMED;
    return more > 0 ? first + "; and " + more + " more" : first;
  }
}
