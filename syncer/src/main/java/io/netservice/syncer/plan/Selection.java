package io.netservice.syncer.plan;

import io.netservice.api.IpFamily;
import io.netservice.network.IpAddress;
import io.netservice.network.NetworkName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Who is published: the addresses of the pods on the network, each address once, grouped by family
 * and ports; and which pods are not, with the reason.
 */
final class Selection {

  static final Comparator<List<SlicePort>> BY_PORTS =
      Comparator.comparing((List<SlicePort> ports) -> ports.toString());

  private static final Optional<String> NO_ZONE = Optional.of("");

  private final Map<IpFamily, Map<List<SlicePort>, List<PublishedEndpoint>>> groups =
      new EnumMap<>(IpFamily.class);
  private final List<PublishedEndpoint> endpoints;
  private final Map<String, PodEndpoints> skipped = new TreeMap<>();
  private final Map<String, PodEndpoints> troubled = new TreeMap<>();
  private final Map<String, PodEndpoints> outdone = new HashMap<>();
  private final NetworkName network;
  private final Set<IpFamily> families;
  private int candidates;
  private boolean allOnKnownNodes = true;

  /**
   * Selects from {@code pods} what is published.
   *
   * @param context for whom, and how
   * @param memory what is known of the pods from the plan before
   */
  Selection(
      PlanMemory.Context context,
      Collection<PodView> pods,
      Function<String, Optional<String>> zoneOf,
      PlanMemory memory) {
    network = context.network();
    families = context.families();
    memory.begin(context, pods);
    Map<IpAddress, PublishedEndpoint> claims = new HashMap<>(2 * pods.size());
    List<PublishedEndpoint> losers = new ArrayList<>();
    for (PodView pod : pods) {
      if (pod.finished()) {
        continue;
      }
      candidates++;
      Optional<String> zone = pod.nodeName().isEmpty() ? NO_ZONE : zoneOf.apply(pod.nodeName());
      allOnKnownNodes &= zone.isPresent();
      PodEndpoints own = memory.of(pod, zone);
      if (own.skipped().isPresent()) {
        skipped.put(pod.name(), own);
      }
      if (own.isTroubled()) {
        troubled.put(pod.name(), own);
      }
      for (PublishedEndpoint endpoint : own.endpoints()) {
        PublishedEndpoint other = claims.put(endpoint.address(), endpoint);
        if (other != null && PublishedEndpoint.CLAIM.compare(other, endpoint) <= 0) {
          claims.put(endpoint.address(), other);
          losers.add(endpoint);
        } else if (other != null) {
          losers.add(other);
        }
      }
    }
    leaveOut(losers, claims, memory);
    endpoints = new ArrayList<>(claims.values());
    endpoints.sort(Comparator.comparing(PublishedEndpoint::address));
    group();
  }

  /** Pods that claim what others have are left out with it, whole or in part. */
  private void leaveOut(
      List<PublishedEndpoint> losers,
      Map<IpAddress, PublishedEndpoint> holders,
      PlanMemory memory) {
    IdentityHashMap<PodView, Map<String, String>> taken = new IdentityHashMap<>();
    for (PublishedEndpoint endpoint : losers) {
      taken
          .computeIfAbsent(endpoint.pod(), any -> new TreeMap<>())
          .put(endpoint.address().text(), holders.get(endpoint.address()).pod().name());
    }
    taken.forEach(
        (pod, others) -> {
          PodEndpoints left = memory.known(pod).outdone(pod, others);
          outdone.put(pod.name(), left);
          if (left.skipped().isPresent() && !left.isPassing()) {
            skipped.put(pod.name(), left);
          }
          if (left.isTroubled()) {
            troubled.put(pod.name(), left);
          }
        });
  }

  /** By family and ports, which most pods share. */
  private void group() {
    for (IpFamily family : IpFamily.values()) {
      groups.put(family, new TreeMap<>(BY_PORTS));
    }
    IpFamily family = null;
    List<SlicePort> ports = null;
    List<PublishedEndpoint> group = List.of();
    for (PublishedEndpoint endpoint : endpoints) {
      if (endpoint.address().family() != family || endpoint.ports() != ports) {
        family = endpoint.address().family();
        ports = endpoint.ports();
        group = groups.get(family).computeIfAbsent(ports, any -> new ArrayList<>());
      }
      group.add(endpoint);
    }
  }

  /** What Endpoints choose from, by ports. */
  Map<List<SlicePort>, List<PublishedEndpoint>> of(IpFamily family) {
    return groups.get(family);
  }

  /** What slices list, by ports. */
  Map<List<SlicePort>, List<PublishedEndpoint>> inSlices(IpFamily family) {
    if (allOnKnownNodes) {
      return groups.get(family);
    }
    Map<List<SlicePort>, List<PublishedEndpoint>> listed = new TreeMap<>(BY_PORTS);
    groups
        .get(family)
        .forEach(
            (ports, endpoints) -> {
              List<PublishedEndpoint> known =
                  endpoints.stream().filter(PublishedEndpoint::inSlices).toList();
              if (!known.isEmpty()) {
                listed.put(ports, known);
              }
            });
    return listed;
  }

  /** All that is published, by address. */
  List<PublishedEndpoint> endpoints() {
    return endpoints;
  }

  /** The families that are published. */
  Set<IpFamily> families() {
    return families;
  }

  /** The network that addresses are on. */
  NetworkName network() {
    return network;
  }

  /** Selected pods that have not finished. */
  int candidates() {
    return candidates;
  }

  /** Pods without any endpoint, by name. */
  Map<String, PodEndpoints> skipped() {
    return skipped;
  }

  /** What is left of the pod {@code name}, if addresses of its are published for others. */
  Optional<PodEndpoints> outdone(String name) {
    return Optional.ofNullable(outdone.get(name));
  }

  /** Pods of which something is left out that will not come by itself, by name. */
  Map<String, PodEndpoints> troubled() {
    return troubled;
  }
}
