package io.netservice.syncer.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order in which slices are written, so that an address that goes from one to another is in
 * both for a moment and not in none. Readers of slices have to expect an address twice, says
 * EndpointSlice's documentation.
 *
 * <p>Slices that take addresses from each other all around, as when pods swap their ports, are
 * written in any order.
 */
final class SliceOrder {

  /** A slice as it is, and as it is to be. */
  record Update(SliceObject from, SliceObject to) {}

  /** By address, the update that puts it into a slice that does not hold it. */
  private final Map<String, Update> takers = new HashMap<>();

  private final Set<String> created = new HashSet<>();

  /** Updates that have their place, or are about to get it, and whether they wait for creations. */
  private final IdentityHashMap<Update, Boolean> begun = new IdentityHashMap<>();

  private final List<OwnedObject> updates = new ArrayList<>();
  private final Set<String> late = new HashSet<>();

  /**
   * Puts {@code unordered} in order.
   *
   * @param creates the slices to be made
   */
  SliceOrder(List<SliceObject> creates, List<Update> unordered) {
    for (SliceObject slice : creates) {
      slice.endpoints().forEach(each -> created.add(each.address()));
    }
    for (Update update : unordered) {
      Set<String> before = new HashSet<>(2 * update.from.endpoints().size());
      update.from.endpoints().forEach(each -> before.add(each.address()));
      for (SliceEndpoint each : update.to.endpoints()) {
        if (!before.contains(each.address())) {
          takers.put(each.address(), update);
        }
      }
    }
    unordered.forEach(this::add);
  }

  /**
   * Gives {@code update} its place behind all that it waits for; true if creations are among it.
   */
  private boolean add(Update update) {
    Boolean known = begun.putIfAbsent(update, false);
    if (known != null) {
      return known;
    }
    boolean waits = false;
    for (SliceEndpoint endpoint : update.from.endpoints()) {
      waits |= created.contains(endpoint.address());
      Update taker = takers.get(endpoint.address());
      if (taker != null) {
        waits |= add(taker);
      }
    }
    begun.put(update, waits);
    updates.add(update.to);
    if (waits) {
      late.add(update.to.name());
    }
    return waits;
  }

  /** The updates in order. */
  List<OwnedObject> updates() {
    return updates;
  }

  /** The names of those that have to wait until the slices to be made are there. */
  Set<String> late() {
    return late;
  }
}
