package io.netservice.syncer.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the endpoints of one family with one list of ports into slices so that as few slices as
 * possible change: an endpoint stays where it is, a new one goes into a slice that is written
 * anyway, then into the fullest that has room for all that are left, then into a new one. As {@code
 * reconcileByPortMapping} of k8s.io/endpointslice.
 *
 * <p>There, slices that have run nearly empty stay as they are. Here two slices become one when
 * together they fill at most three quarters of one. So any two hold more than that, and {@code n}
 * endpoints in slices of at most {@code max} take one slice or fewer than {@code 8/3 * n / max}. A
 * slice is made only for endpoints that fit nowhere else, so two slices have lost more than {@code
 * max / 4} endpoints between them before they become one: a few that come and go do not make and
 * merge slices again and again. Where one of the two is written anyway, it costs one deletion.
 */
final class SlicePacking {

  /** The endpoints one slice should hold; {@code existing} is null for a slice to be made. */
  record Packed(SliceObject existing, List<SliceEndpoint> endpoints) {}

  private static final Comparator<Slot> BY_SIZE = Comparator.comparingInt(Slot::size);

  private SlicePacking() {}

  /**
   * Packs {@code desired} into {@code existing} slices and new ones.
   *
   * @param existing the slices there are, in a stable order
   * @param ports what they should have
   * @param desired what to publish by address
   * @param max the most endpoints of a slice
   * @return every existing slice with what it should hold, which may be nothing, then new ones
   */
  static List<Packed> pack(
      List<SliceObject> existing,
      List<SlicePort> ports,
      Map<String, SliceEndpoint> desired,
      int max) {
    Map<String, SliceEndpoint> left = new LinkedHashMap<>(desired);
    List<Slot> slots = new ArrayList<>();
    for (SliceObject slice : existing) {
      Slot slot = Slot.keeping(slice, left, max);
      slot.changed |= !slice.ports().equals(ports);
      slots.add(slot);
    }
    List<SliceEndpoint> fresh = new ArrayList<>(left.values());
    slots.stream()
        .filter(slot -> slot.changed && slot.size() > 0)
        .sorted(BY_SIZE.reversed())
        .forEach(slot -> slot.fill(fresh, max));
    while (!fresh.isEmpty()) {
      roomFor(fresh.size(), slots, max).fill(fresh, max);
    }
    merge(slots, max * 3 / 4);
    return slots.stream()
        .filter(slot -> slot.slice != null || slot.size() > 0)
        .map(slot -> new Packed(slot.slice, slot.endpoints))
        .toList();
  }

  /** The fullest slice with room for {@code count} endpoints, else an empty one or a new one. */
  private static Slot roomFor(int count, List<Slot> slots, int max) {
    return slots.stream()
        .filter(slot -> slot.size() > 0 && max - slot.size() >= count)
        .max(BY_SIZE)
        .or(() -> slots.stream().filter(slot -> slot.size() == 0).findFirst())
        .orElseGet(
            () -> {
              Slot made = new Slot(null);
              slots.add(made);
              return made;
            });
  }

  private static void merge(List<Slot> slots, int most) {
    List<Slot> filled = new ArrayList<>(slots.stream().filter(slot -> slot.size() > 0).toList());
    filled.sort(BY_SIZE);
    while (filled.size() > 1 && filled.get(0).size() + filled.get(1).size() <= most) {
      Slot one = filled.remove(0);
      Slot other = filled.remove(0);
      // The one that is written anyway stays, so that the other's deletion is all it costs.
      boolean keepOther = other.slice != null && (other.changed || !one.changed);
      Slot merged = keepOther || one.slice == null ? other : one;
      merged.takeAll(merged == other ? one : other);
      filled.add(merged);
      filled.sort(BY_SIZE);
    }
  }

  /** A slice while it is being packed. */
  private static final class Slot {
    final SliceObject slice;
    final List<SliceEndpoint> endpoints = new ArrayList<>();
    boolean changed;

    Slot(SliceObject slice) {
      this.slice = slice;
    }

    int size() {
      return endpoints.size();
    }

    /** Keeps what {@code slice} holds and should hold, and takes that out of {@code left}. */
    static Slot keeping(SliceObject slice, Map<String, SliceEndpoint> left, int max) {
      Slot slot = new Slot(slice);
      for (SliceEndpoint endpoint : slice.endpoints()) {
        SliceEndpoint wanted = slot.size() < max ? left.remove(endpoint.address()) : null;
        if (wanted == null) {
          slot.changed = true;
        } else {
          slot.changed |= !wanted.equals(endpoint);
          slot.endpoints.add(wanted);
        }
      }
      return slot;
    }

    /** Takes from {@code fresh} what fits. */
    void fill(List<SliceEndpoint> fresh, int max) {
      List<SliceEndpoint> taken = fresh.subList(0, Math.min(max - size(), fresh.size()));
      changed |= !taken.isEmpty();
      endpoints.addAll(taken);
      taken.clear();
    }

    void takeAll(Slot other) {
      changed = true;
      endpoints.addAll(other.endpoints);
      other.changed = true;
      other.endpoints.clear();
    }
  }
}
