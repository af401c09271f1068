package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.ObjectMeta;
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
import java.util.TreeMap;

/**
 * The EndpointSlices of a NetService: one set for each family, within it for each list of ports.
 */
final class SlicesPlan {

  private final NetService owner;
  private final int max;
  private final Map<String, String> labels;
  private final Optional<String> trigger;
  private final List<SliceObject> creates = new ArrayList<>();
  private final List<SliceOrder.Update> updates = new ArrayList<>();
  private final List<OwnedObject> deletes = new ArrayList<>();

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
    this.trigger = trigger;
  }

  /** What is created and updated, in order; to be asked for when all families are planned. */
  List<Plan.Write> writes() {
    return SliceOrder.of(creates, updates);
  }

  List<OwnedObject> deletes() {
    return deletes;
  }

  /** What is to be there of a family of which there is no address. */
  enum WhenEmpty {
    /** None: a family that is not published. */
    NO_SLICE,
    /** An empty one, so that the name resolves to an empty answer instead of none. */
    EMPTY_SLICE,
    /**
     * An empty one if there is a slice, none otherwise: the slices of another family make the name
     * resolve. None is made for a family that may never be in use, none goes and comes with pods.
     */
    LEAVE_ONE
  }

  /**
   * Plans the slices of one family.
   *
   * @param desired what to publish, by ports
   * @param slices all slices of the NetService; one that is on its way out only takes up its name
   */
  void plan(
      IpFamily family,
      Map<List<SlicePort>, List<PublishedEndpoint>> desired,
      List<SliceObject> slices,
      WhenEmpty whenEmpty) {
    List<SliceObject> existing = inOrder(slices, family);
    Map<List<SlicePort>, List<SliceObject>> byPorts = new HashMap<>();
    List<SliceObject> idle = new ArrayList<>();
    for (SliceObject slice : existing) {
      List<SlicePort> ports = slice.ports();
      if (desired.containsKey(ports)) {
        byPorts.computeIfAbsent(ports, any -> new ArrayList<>()).add(slice);
      } else {
        idle.add(slice);
      }
    }
    handOn(idle, desired, byPorts);
    List<Wanted> made = new ArrayList<>();
    int kept = 0;
    for (var group : desired.entrySet()) {
      List<SliceObject> sameGroup = byPorts.getOrDefault(group.getKey(), List.of());
      for (SlicePacking.Packed packed :
          SlicePacking.pack(sameGroup, group.getKey(), byAddress(group.getValue()), max)) {
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
    boolean isEmpty = made.isEmpty() && kept == 0;
    if (isEmpty
        && (whenEmpty == WhenEmpty.EMPTY_SLICE
            || (whenEmpty == WhenEmpty.LEAVE_ONE && !existing.isEmpty()))) {
      made.add(new Wanted(List.of(), List.of()));
    }
    // A slice to be made and one to be deleted are one update.
    Set<String> taken = new HashSet<>();
    slices.forEach(slice -> taken.add(slice.name()));
    for (Wanted wanted : made) {
      if (idle.isEmpty()) {
        creates.add(create(family, wanted, taken));
      } else {
        keep(idle.remove(0), wanted.ports, wanted.endpoints);
      }
    }
    deletes.addAll(idle);
  }

  /**
   * Gives slices whose ports nobody has any more to the ports that most of their addresses have
   * now, so that these stay where they are.
   */
  private static void handOn(
      List<SliceObject> idle,
      Map<List<SlicePort>, List<PublishedEndpoint>> desired,
      Map<List<SlicePort>, List<SliceObject>> byPorts) {
    if (idle.isEmpty() || desired.isEmpty()) {
      return;
    }
    Map<String, List<SlicePort>> now = new HashMap<>();
    desired.forEach(
        (ports, endpoints) -> endpoints.forEach(each -> now.put(each.address().text(), ports)));
    idle.removeIf(
        slice -> {
          Map<List<SlicePort>, Integer> counts = new TreeMap<>(Selection.BY_PORTS);
          for (SliceEndpoint endpoint : slice.endpoints()) {
            List<SlicePort> ports = now.get(endpoint.address());
            if (ports != null) {
              counts.merge(ports, 1, Integer::sum);
            }
          }
          Optional<List<SlicePort>> most =
              counts.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
          most.ifPresent(
              ports -> byPorts.computeIfAbsent(ports, any -> new ArrayList<>()).add(slice));
          return most.isPresent();
        });
  }

  private record Wanted(List<SlicePort> ports, List<SliceEndpoint> endpoints) {}

  private Map<String, SliceEndpoint> byAddress(List<PublishedEndpoint> endpoints) {
    Map<String, SliceEndpoint> result = new LinkedHashMap<>(2 * endpoints.size());
    endpoints.forEach(each -> result.put(each.address().text(), each.toSliceEndpoint()));
    return result;
  }

  /** Writes {@code slice} if it differs in anything that the NetService decides. */
  private void keep(SliceObject slice, List<SlicePort> ports, List<SliceEndpoint> endpoints) {
    ObjectMeta metadata = slice.metadata();
    boolean isRight =
        slice.ports().equals(ports)
            && slice.endpoints().equals(endpoints)
            && labels.equals(metadata.getLabels())
            && Names.controls(owner, metadata);
    if (!isRight) {
      ObjectMeta wanted =
          Names.metadata(
              owner, metadata, labels, Names.annotations(metadata.getAnnotations(), trigger));
      updates.add(
          new SliceOrder.Update(
              slice, new SliceObject(wanted, slice.addressType(), ports, endpoints)));
    }
  }

  /**
   * A new slice under the first free name. The name follows from what exists, so a creation that is
   * repeated because its answer was lost meets its own first try instead of making a twin.
   */
  private SliceObject create(IpFamily family, Wanted wanted, Set<String> taken) {
    String prefix = owner.getMetadata().getName() + (family == IpFamily.IPV4 ? "-ns4-" : "-ns6-");
    int number = 0;
    while (!taken.add(prefix + number)) {
      number++;
    }
    ObjectMeta base = new ObjectMeta();
    base.setNamespace(owner.getMetadata().getNamespace());
    base.setName(prefix + number);
    ObjectMeta metadata = Names.metadata(owner, base, labels, Names.annotations(Map.of(), trigger));
    return new SliceObject(metadata, family.value(), wanted.ports, wanted.endpoints);
  }

  /** Deletes slices of a kind of address that is never published here. */
  void deleteOthers(List<SliceObject> slices) {
    slices.stream()
        .filter(slice -> !Names.isTerminating(slice.metadata()))
        .filter(
            slice ->
                Arrays.stream(IpFamily.values())
                    .noneMatch(family -> family.value().equals(slice.addressType())))
        .forEach(deletes::add);
  }

  /** Those to work with, in the order of their names, whatever the watch told first. */
  private static List<SliceObject> inOrder(List<SliceObject> slices, IpFamily family) {
    return slices.stream()
        .filter(slice -> family.value().equals(slice.addressType()))
        .filter(slice -> !Names.isTerminating(slice.metadata()))
        .sorted(Comparator.comparing(SliceObject::name))
        .toList();
  }
}
