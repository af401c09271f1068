package io.netservice.syncer.plan;

import io.netservice.api.NetService;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

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
  private record Seen(long owner, Map<String, Long> pods, long waiting) {}

  /**
   * The trigger time of the plan that is about to be made, RFC 3339; empty if no change since the
   * last one tells its time.
   *
   * @param pods all that are selected, published or not
   */
  public Optional<String> next(String key, NetService owner, Collection<PodView> pods) {
    Seen before = seen.get(key);
    long created = created(owner);
    Map<String, Long> times = new HashMap<>();
    long first = before == null || created > before.owner ? created : NONE;
    for (PodView pod : pods) {
      if (pod.readySince() != NONE) {
        times.put(pod.name(), pod.readySince());
        if (before != null && pod.readySince() > before.pods.getOrDefault(pod.name(), NONE)) {
          first = earlier(first, pod.readySince());
        }
      }
    }
    if (before != null) {
      first = earlier(first, before.waiting);
    }
    seen.put(key, new Seen(created, times, first));
    return first == NONE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(first).toString());
  }

  /** What was planned for {@code key} has been carried out. */
  public void carriedOut(String key) {
    seen.computeIfPresent(key, (any, state) -> new Seen(state.owner, state.pods, NONE));
  }

  /** The NetService {@code key} is gone. */
  public void forget(String key) {
    seen.remove(key);
  }

  private static long created(NetService owner) {
    String time = owner.getMetadata().getCreationTimestamp();
    return time == null ? NONE : OffsetDateTime.parse(time).toEpochSecond();
  }

  private static long earlier(long one, long other) {
    return one == NONE ? other : other == NONE ? one : Math.min(one, other);
  }
}
