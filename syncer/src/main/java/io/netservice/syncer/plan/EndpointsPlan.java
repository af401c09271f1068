package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.netservice.api.NetService;
import io.netservice.api.ServiceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The Endpoints of a NetService, for clients that do not read slices. */
final class EndpointsPlan {

  /** What the built-in controller writes at most (maxCapacity of the endpoints controller). */
  static final int MAX_ADDRESSES = 1000;

  private EndpointsPlan() {}

  /** The Endpoints that should exist, made from {@code existing} where there is one. */
  static Endpoints desired(
      NetService owner,
      Optional<Endpoints> existing,
      Map<List<SlicePort>, List<PublishedEndpoint>> desired) {
    List<PublishedEndpoint> all =
        desired.values().stream()
            .flatMap(List::stream)
            .filter(PublishedEndpoint::inEndpoints)
            .toList();
    boolean truncated = all.size() > MAX_ADDRESSES;
    List<PublishedEndpoint> chosen =
        all.stream()
            .sorted(
                Comparator.comparing((PublishedEndpoint e) -> !e.readyInEndpoints())
                    .thenComparing(PublishedEndpoint::address))
            .limit(MAX_ADDRESSES)
            .toList();

    Map<List<SlicePort>, List<PublishedEndpoint>> byPorts = new LinkedHashMap<>();
    for (var group : desired.entrySet()) {
      List<PublishedEndpoint> members = new ArrayList<>(group.getValue());
      if (truncated) {
        members.retainAll(new java.util.HashSet<>(chosen));
      }
      byPorts.put(group.getKey(), members);
    }

    Endpoints base = existing.orElseGet(() -> empty(owner));
    EndpointsBuilder result = new EndpointsBuilder(base).withSubsets(subsets(owner, byPorts));
    Map<String, String> labels = new TreeMap<>(orEmpty(base.getMetadata().getLabels()));
    labels.remove(Names.HEADLESS);
    labels.put(Names.SKIP_MIRROR, "true");
    labels.put(Names.ENDPOINTS_MANAGED_BY, Names.MANAGER);
    if (owner.getSpec().type() == ServiceType.HEADLESS) {
      labels.put(Names.HEADLESS, "");
    }
    Map<String, String> annotations = new TreeMap<>(orEmpty(base.getMetadata().getAnnotations()));
    annotations.remove(Names.OVER_CAPACITY);
    if (truncated) {
      annotations.put(Names.OVER_CAPACITY, "truncated");
    }
    return result
        .editMetadata()
        .withLabels(labels)
        .withAnnotations(annotations)
        .endMetadata()
        .build();
  }

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  private static Endpoints empty(NetService owner) {
    return new EndpointsBuilder()
        .withNewMetadata()
        .withNamespace(owner.getMetadata().getNamespace())
        .withName(owner.getMetadata().getName())
        .withOwnerReferences(Names.ownerReference(owner))
        .endMetadata()
        .build();
  }

  /** One subset for each list of ports; none for nobody: the API server refuses an empty one. */
  private static List<EndpointSubset> subsets(
      NetService owner, Map<List<SlicePort>, List<PublishedEndpoint>> byPorts) {
    List<EndpointSubset> subsets = new ArrayList<>();
    for (var group : byPorts.entrySet()) {
      boolean lacksAllPorts = group.getKey().isEmpty() && !owner.getSpec().ports().isEmpty();
      List<EndpointAddress> ready = new ArrayList<>();
      List<EndpointAddress> notReady = new ArrayList<>();
      group.getValue().stream()
          .filter(PublishedEndpoint::inEndpoints)
          .forEach(
              each -> (each.readyInEndpoints() ? ready : notReady).add(each.toEndpointAddress()));
      if (!lacksAllPorts && (!ready.isEmpty() || !notReady.isEmpty())) {
        subsets.add(
            new EndpointSubsetBuilder()
                .withAddresses(ready)
                .withNotReadyAddresses(notReady)
                .withPorts(group.getKey().stream().map(EndpointsPlan::port).toList())
                .build());
      }
    }
    return subsets;
  }

  private static EndpointPort port(SlicePort port) {
    return new EndpointPortBuilder()
        .withName(port.name().isEmpty() ? null : port.name())
        .withPort(port.number())
        .withProtocol(port.protocol().name())
        .withAppProtocol(port.appProtocol().isEmpty() ? null : port.appProtocol())
        .build();
  }
}
