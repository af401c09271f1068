package io.netservice.syncer.plan;

import io.netservice.api.NetService;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * When the change happened that a plan reacts to, for the annotation {@code
 * endpoints.kubernetes.io/last-change-trigger-time}: the earliest of the changes since the last
 * plan. As TriggerTimeTracker of k8s.io/endpointslice: a pod changed when its readiness did, a
 * NetService when it was created, and the first plan for a NetService has its creation time.
 *
 * <p>Unlike there, a time waits until a plan was carried out, so that a write which had to be
 * repeated still tells it. May be used from any thread, for one key by one thread at a time.
 */
public final class TriggerTimes {

  private static final long NONE = 0;

  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /** Seconds since 1970. {@code waiting} is told already but not yet carried out. */
  private static final class Seen {
    final Map<String, Long> pods = new HashMap<>();
    long owner;
    long waiting;
  }

  /**
   * The trigger time of the plan that is about to be made, RFC 3339; empty if no change since the
   * last one tells its time.
   *
   * @param pods all that are selected, published or not
   */
  public Optional<String> next(String key, NetService owner, Collection<PodView> pods) {
    boolean isFirst = !seen.containsKey(key);
    Seen before = seen.computeIfAbsent(key, any -> new Seen());
    long created = created(owner);
    long first = isFirst || created > before.owner ? created : NONE;
    int told = 0;
    for (PodView pod : pods) {
      if (pod.readySince() != NONE) {
        told++;
        long known = before.pods.getOrDefault(pod.name(), NONE);
        if (pod.readySince() != known) {
          before.pods.put(pod.name(), pod.readySince());
        }
        if (!isFirst && pod.readySince() > known) {
          first = earlier(first, pod.readySince());
        }
      }
    }
    if (before.pods.size() > told) {
      before.pods.keySet().retainAll(names(pods));
    }
    before.owner = created;
    before.waiting = earlier(first, before.waiting);
    return before.waiting == NONE
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(before.waiting).toString());
  }

  /** What was planned for {@code key} has been carried out. */
  public void carriedOut(String key) {
    Seen state = seen.get(key);
    if (state != null) {
      state.waiting = NONE;
    }
  }

  /** The NetService {@code key} is gone. */
  public void forget(String key) {
    seen.remove(key);
  }

  private static Set<String> names(Collection<PodView> pods) {
    return pods.stream()
        .filter(pod -> pod.readySince() != NONE)
        .map(PodView::name)
        .collect(Collectors.toSet());
  }

  private static long created(NetService owner) {
    String time = owner.getMetadata().getCreationTimestamp();
    return time == null ? NONE : OffsetDateTime.parse(time).toEpochSecond();
  }

  private static long earlier(long one, long other) {
    return one == NONE ? other : other == NONE ? one : Math.min(one, other);
  }
}
