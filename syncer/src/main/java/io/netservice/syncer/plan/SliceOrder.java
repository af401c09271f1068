package io.netservice.syncer.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The order in which slices are written, so that an address that goes from one to another is in
 * both for a moment and not in none. Readers of slices have to expect an address twice, says
 * EndpointSlice's documentation. Apart from that what is there comes before what is made: a
 * withdrawal waits for nobody.
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

  private final List<Plan.Write> early = new ArrayList<>();
  private final List<Plan.Write> late = new ArrayList<>();

  private SliceOrder() {}

  /** What writes {@code creates} and {@code updates}, in order. */
  static List<Plan.Write> of(List<SliceObject> creates, List<Update> updates) {
    SliceOrder order = new SliceOrder();
    // One alone has nobody to wait for.
    if (creates.size() + updates.size() > 1) {
      order.note(creates, updates);
    }
    updates.forEach(order::add);
    Stream<Plan.Write> made = creates.stream().map(slice -> new Plan.Write(slice, true));
    return Stream.of(order.early.stream(), made, order.late.stream())
        .flatMap(writes -> writes)
        .toList();
  }

  /** Notes where addresses go to. */
  private void note(List<SliceObject> creates, List<Update> updates) {
    for (SliceObject slice : creates) {
      slice.endpoints().forEach(each -> created.add(each.address()));
    }
    for (Update update : updates) {
      Set<String> before = new HashSet<>(2 * update.from.endpoints().size());
      update.from.endpoints().forEach(each -> before.add(each.address()));
      for (SliceEndpoint each : update.to.endpoints()) {
        if (!before.contains(each.address())) {
          takers.put(each.address(), update);
        }
      }
    }
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
    (waits ? late : early).add(new Plan.Write(update.to, false));
    return waits;
  }
}
