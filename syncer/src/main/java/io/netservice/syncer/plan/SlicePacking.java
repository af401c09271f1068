package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the endpoints of one family with one list of ports into slices so that as few slices as
 * possible change: an endpoint stays where it is, a new one goes into a slice that is written
 * anyway, then into the fullest with room, then into a new one. As {@code reconcileByPortMapping}
 * of k8s.io/endpointslice, but with a slice filled only as far as it takes.
 */
final class SlicePacking {

  /** The endpoints one slice should hold; {@code existing} is null for a slice to be made. */
  record Packed(EndpointSlice existing, List<Endpoint> endpoints, boolean changed) {}

  private SlicePacking() {}

  /**
   * Packs {@code desired} into {@code existing} slices and new ones.
   *
   * @param existing the slices there are, in a stable order
   * @param desired what to publish by address
   * @param max the most endpoints of a slice
   * @return every existing slice with what it should hold, which may be nothing, then new ones
   */
  static List<Packed> pack(List<EndpointSlice> existing, Map<String, Endpoint> desired, int max) {
    Map<String, Endpoint> left = new LinkedHashMap<>(desired);
    List<Slot> slots = new ArrayList<>();
    for (EndpointSlice slice : existing) {
      slots.add(Slot.keeping(slice, left, max));
    }
    List<Endpoint> fresh = new ArrayList<>(left.values());
    fill(
        slots.stream().filter(slot -> slot.changed && !slot.endpoints.isEmpty()).toList(),
        fresh,
        max);
    // Fewest writes: what is left goes into as few of the untouched slices as hold it.
    List<Slot> untouched = new ArrayList<>(slots.stream().filter(slot -> !slot.changed).toList());
    while (!fresh.isEmpty()) {
      int need = fresh.size();
      Slot best =
          untouched.stream()
              .filter(slot -> !slot.endpoints.isEmpty() && max - slot.endpoints.size() >= need)
              .max(Comparator.comparingInt(slot -> slot.endpoints.size()))
              .orElseGet(
                  () ->
                      slots.stream()
                          .filter(slot -> slot.endpoints.isEmpty())
                          .findFirst()
                          .orElse(null));
      if (best == null) {
        best = new Slot(null);
        slots.add(best);
      }
      untouched.remove(best);
      fill(List.of(best), fresh, max);
    }
    return slots.stream()
        .map(slot -> new Packed(slot.slice, slot.endpoints, slot.changed))
        .toList();
  }

  private static void fill(List<Slot> slots, List<Endpoint> fresh, int max) {
    for (Slot slot : slots) {
      int take = Math.min(max - slot.endpoints.size(), fresh.size());
      if (take > 0) {
        slot.endpoints.addAll(fresh.subList(0, take));
        fresh.subList(0, take).clear();
        slot.changed = true;
      }
    }
  }

  /** A slice while it is being packed. */
  private static final class Slot {
    final EndpointSlice slice;
    final List<Endpoint> endpoints = new ArrayList<>();
    boolean changed;

    Slot(EndpointSlice slice) {
      this.slice = slice;
    }

    /** Keeps what {@code slice} holds and should hold, and takes that out of {@code left}. */
    static Slot keeping(EndpointSlice slice, Map<String, Endpoint> left, int max) {
      Slot slot = new Slot(slice);
      for (Endpoint endpoint : slice.getEndpoints()) {
        Endpoint wanted =
            endpoint.getAddresses().size() == 1 && slot.endpoints.size() < max
                ? left.remove(endpoint.getAddresses().get(0))
                : null;
        if (wanted == null) {
          slot.changed = true;
        } else {
          slot.changed |= !wanted.equals(endpoint);
          slot.endpoints.add(wanted);
        }
      }
      return slot;
    }
  }

  static List<EndpointPort> toPorts(List<SlicePort> ports) {
    return ports.stream().map(SlicePort::toEndpointPort).toList();
  }
}
