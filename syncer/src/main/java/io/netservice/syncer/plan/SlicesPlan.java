package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.netservice.api.IpFamily;
import io.netservice.api.NetService;
import io.netservice.api.ServiceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The EndpointSlices of a NetService: one set for each family, within it for each list of ports.
 */
final class SlicesPlan {

  private final NetService owner;
  private final int max;
  private final List<HasMetadata> creates = new ArrayList<>();
  private final List<HasMetadata> updates = new ArrayList<>();
  private final List<HasMetadata> deletes = new ArrayList<>();

  SlicesPlan(NetService owner, int max) {
    this.owner = owner;
    this.max = max;
  }

  List<HasMetadata> creates() {
    return creates;
  }

  List<HasMetadata> updates() {
    return updates;
  }

  List<HasMetadata> deletes() {
    return deletes;
  }

  /**
   * Plans the slices of one family.
   *
   * @param desired what to publish, by ports
   * @param existing the slices of that family
   * @param placeholder whether an empty slice stands for "nobody", so that the name resolves to an
   *     empty answer instead of none
   */
  void plan(
      IpFamily family,
      Map<List<SlicePort>, List<PublishedEndpoint>> desired,
      List<EndpointSlice> existing,
      boolean placeholder) {
    Map<List<SlicePort>, List<EndpointSlice>> byPorts = new HashMap<>();
    List<EndpointSlice> idle = new ArrayList<>();
    for (EndpointSlice slice : existing) {
      List<SlicePort> ports = SlicePort.of(slice.getPorts());
      if (desired.containsKey(ports)) {
        byPorts.computeIfAbsent(ports, any -> new ArrayList<>()).add(slice);
      } else {
        idle.add(slice);
      }
    }
    List<Wanted> made = new ArrayList<>();
    int kept = 0;
    for (var group : desired.entrySet()) {
      List<EndpointSlice> slices = byPorts.getOrDefault(group.getKey(), List.of());
      for (SlicePacking.Packed packed :
          SlicePacking.pack(slices, byAddress(group.getValue()), max)) {
        if (packed.existing() == null) {
          made.add(new Wanted(group.getKey(), packed.endpoints()));
        } else if (packed.endpoints().isEmpty()) {
          idle.add(packed.existing());
        } else {
          keep(packed.existing(), group.getKey(), packed.endpoints());
          kept++;
        }
      }
    }
    if (placeholder && made.isEmpty() && kept == 0) {
      made.add(new Wanted(List.of(), List.of()));
    }
    // A slice to be made and one to be deleted are one update.
    Set<String> taken = new HashSet<>();
    existing.forEach(slice -> taken.add(slice.getMetadata().getName()));
    for (Wanted wanted : made) {
      if (idle.isEmpty()) {
        creates.add(create(family, wanted, taken));
      } else {
        keep(idle.remove(0), wanted.ports, wanted.endpoints);
      }
    }
    deletes.addAll(idle);
  }

  private record Wanted(List<SlicePort> ports, List<Endpoint> endpoints) {}

  private static Map<String, Endpoint> byAddress(List<PublishedEndpoint> endpoints) {
    Map<String, Endpoint> result = new LinkedHashMap<>();
    endpoints.forEach(each -> result.put(each.address().text(), each.toSliceEndpoint()));
    return result;
  }

  /** Writes {@code slice} if it differs in anything that the NetService decides. */
  private void keep(EndpointSlice slice, List<SlicePort> ports, List<Endpoint> endpoints) {
    EndpointSliceBuilder wanted = new EndpointSliceBuilder(slice).withEndpoints(endpoints);
    if (!SlicePort.of(slice.getPorts()).equals(ports)) {
      wanted.withPorts(SlicePacking.toPorts(ports));
    }
    Map<String, String> labels = new TreeMap<>();
    if (slice.getMetadata().getLabels() != null) {
      labels.putAll(slice.getMetadata().getLabels());
    }
    labels.remove(Names.HEADLESS);
    labels.putAll(labels());
    wanted.editMetadata().withLabels(labels).endMetadata();
    if (!Names.controls(owner, slice)) {
      List<OwnerReference> owners = new ArrayList<>(slice.getMetadata().getOwnerReferences());
      owners.removeIf(reference -> Boolean.TRUE.equals(reference.getController()));
      owners.add(Names.ownerReference(owner));
      wanted.editMetadata().withOwnerReferences(owners).endMetadata();
    }
    EndpointSlice result = wanted.build();
    if (!result.equals(slice)) {
      updates.add(result);
    }
  }

  /**
   * A new slice under the first free name. The name follows from what exists, so a creation that is
   * repeated because its answer was lost meets its own first try instead of making a twin.
   */
  private EndpointSlice create(IpFamily family, Wanted wanted, Set<String> taken) {
    String prefix = owner.getMetadata().getName() + (family == IpFamily.IPV4 ? "-ns4-" : "-ns6-");
    int number = 0;
    while (!taken.add(prefix + number)) {
      number++;
    }
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace(owner.getMetadata().getNamespace())
        .withName(prefix + number)
        .withLabels(labels())
        .withOwnerReferences(Names.ownerReference(owner))
        .endMetadata()
        .withAddressType(family.value())
        .withEndpoints(wanted.endpoints)
        .withPorts(SlicePacking.toPorts(wanted.ports))
        .build();
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>();
    labels.put(Names.SERVICE_NAME, owner.getMetadata().getName());
    labels.put(Names.SLICE_MANAGED_BY, Names.MANAGER);
    if (owner.getSpec().type() == ServiceType.HEADLESS) {
      labels.put(Names.HEADLESS, "");
    }
    return labels;
  }

  /** The order in which slices are looked at: by name, whatever the watch told first. */
  static List<EndpointSlice> inOrder(List<EndpointSlice> slices) {
    return slices.stream()
        .map(SlicesPlan::withoutNulls)
        .sorted(Comparator.comparing((EndpointSlice slice) -> slice.getMetadata().getName()))
        .toList();
  }

  /** An empty list of endpoints or ports is null in what the API server answers. */
  private static EndpointSlice withoutNulls(EndpointSlice slice) {
    if (slice.getEndpoints() != null && slice.getPorts() != null) {
      return slice;
    }
    EndpointSliceBuilder filled = new EndpointSliceBuilder(slice);
    if (slice.getEndpoints() == null) {
      filled.withEndpoints(List.of());
    }
    if (slice.getPorts() == null) {
      filled.withPorts(List.of());
    }
    return filled.build();
  }
}
