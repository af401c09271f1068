package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.netservice.api.IpFamily;
import io.netservice.api.NetService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The EndpointSlices of a NetService: one set for each family, within it for each list of ports.
 */
final class SlicesPlan {

  private final NetService owner;
  private final int max;
  private final Map<String, String> labels;
  private final Hints hints;
  private final Optional<String> trigger;
  private final List<HasMetadata> creates = new ArrayList<>();
  private final List<HasMetadata> updates = new ArrayList<>();
  private final List<HasMetadata> deletes = new ArrayList<>();

  /**
   * No slices planned yet.
   *
   * @param max the most endpoints of a slice
   * @param current for the Service, whose labels and wishes its slices carry
   * @param trigger when the change happened that is being reacted to
   */
  SlicesPlan(NetService owner, int max, Current current, Optional<String> trigger) {
    this.owner = owner;
    this.max = max;
    this.labels =
        Names.labels(
            owner,
            current.serviceLabels(),
            Map.of(
                Names.SERVICE_NAME,
                owner.getMetadata().getName(),
                Names.SLICE_MANAGED_BY,
                Names.MANAGER));
    this.hints = Hints.of(current.service());
    this.trigger = trigger;
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
   * @param slices all slices of the NetService; one that is on its way out only takes up its name
   * @param placeholder whether an empty slice stands for "nobody", so that the name resolves to an
   *     empty answer instead of none
   */
  void plan(
      IpFamily family,
      Map<List<SlicePort>, List<PublishedEndpoint>> desired,
      List<EndpointSlice> slices,
      boolean placeholder) {
    List<EndpointSlice> existing = inOrder(slices, family);
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
      List<EndpointSlice> sameGroup = byPorts.getOrDefault(group.getKey(), List.of());
      for (SlicePacking.Packed packed :
          SlicePacking.pack(sameGroup, byAddress(group.getValue()), max)) {
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
    slices.forEach(slice -> taken.add(slice.getMetadata().getName()));
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

  private Map<String, Endpoint> byAddress(List<PublishedEndpoint> endpoints) {
    Map<String, Endpoint> result = new LinkedHashMap<>();
    endpoints.forEach(each -> result.put(each.address().text(), each.toSliceEndpoint(hints)));
    return result;
  }

  /** Writes {@code slice} if it differs in anything that the NetService decides. */
  private void keep(EndpointSlice slice, List<SlicePort> ports, List<Endpoint> endpoints) {
    EndpointSliceBuilder wanted = new EndpointSliceBuilder(slice).withEndpoints(endpoints);
    if (!SlicePort.of(slice.getPorts()).equals(ports)) {
      wanted.withPorts(SlicePacking.toPorts(ports));
    }
    wanted.editMetadata().withLabels(labels).endMetadata();
    if (!Names.controls(owner, slice)) {
      List<OwnerReference> owners = new ArrayList<>(slice.getMetadata().getOwnerReferences());
      owners.removeIf(reference -> Boolean.TRUE.equals(reference.getController()));
      owners.add(Names.ownerReference(owner));
      wanted.editMetadata().withOwnerReferences(owners).endMetadata();
    }
    EndpointSlice result = wanted.build();
    if (!result.equals(slice)) {
      var metadata = result.getMetadata();
      metadata.setAnnotations(Names.annotations(metadata.getAnnotations(), trigger));
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
        .withLabels(labels)
        .withAnnotations(Names.annotations(Map.of(), trigger))
        .withOwnerReferences(Names.ownerReference(owner))
        .endMetadata()
        .withAddressType(family.value())
        .withEndpoints(wanted.endpoints)
        .withPorts(SlicePacking.toPorts(wanted.ports))
        .build();
  }

  /** Deletes slices of a kind of address that is never published here. */
  void deleteOthers(List<EndpointSlice> slices) {
    slices.stream()
        .filter(slice -> !Names.isTerminating(slice))
        .filter(
            slice ->
                Arrays.stream(IpFamily.values())
                    .noneMatch(family -> family.value().equals(slice.getAddressType())))
        .forEach(deletes::add);
  }

  /** Those to work with, in the order of their names, whatever the watch told first. */
  private static List<EndpointSlice> inOrder(List<EndpointSlice> slices, IpFamily family) {
    return slices.stream()
        .filter(slice -> family.value().equals(slice.getAddressType()))
        .filter(slice -> !Names.isTerminating(slice))
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
