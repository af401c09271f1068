package io.netservice.syncer.resync;

import io.netservice.syncer.watch.Audit;
import io.netservice.syncer.watch.Known;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where caches and the API server say different things: what the caches said, by what it is about.
 * One look proves nothing, as a watch tells a change a moment after a list does. What differs at
 * two looks, with a cache that has heard nothing in between, does.
 */
record Difference(Map<String, Optional<Known>> cached) {

  static final Difference NONE = new Difference(Map.of());

  Difference {
    cached = Map.copyOf(cached);
  }

  static Difference between(Audit.Views views) {
    Set<String> all = new HashSet<>(views.truth().keySet());
    all.addAll(views.cached().keySet());
    Map<String, Optional<Known>> differ = new TreeMap<>();
    for (String each : all) {
      Known here = views.cached().get(each);
      Known there = views.truth().get(each);
      if (here == null || there == null || !here.agrees(there)) {
        differ.put(each, Optional.ofNullable(here));
      }
    }
    return new Difference(differ);
  }

  boolean isEmpty() {
    return cached.isEmpty();
  }

  /** What differed before and does so {@code now}, with the same in the cache. */
  Set<String> lasting(Difference now) {
    Set<String> lasting = new TreeSet<>();
    cached.forEach(
        (what, before) -> {
          if (before.equals(now.cached.get(what))) {
            lasting.add(what);
          }
        });
    return lasting;
  }
}
