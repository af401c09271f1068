package io.netservice.faults.load;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which address of which pod may ever have been published at which NetService. An entry is made
 * before the pod is written, so that whatever is not here is wrong. May be used from any thread.
 */
public final class Claims {

  private record Place(String site, String address) {}

  private final Map<Place, Set<String>> pods = new ConcurrentHashMap<>();

  /** From now on the pod may have the addresses with this number. */
  void add(String namespace, String app, String pod, int number) {
    for (Site site : Site.ALL) {
      if (site.selects(namespace, app)) {
        for (Family family : site.families()) {
          pods.compute(
              new Place(site.key(), site.net().address(family, number)),
              (place, old) -> {
                Set<String> all = old == null ? new HashSet<>() : new HashSet<>(old);
                all.add(pod);
                return all;
              });
        }
      }
    }
  }

  /** Whether {@code pod} ever had the address there, or any pod where {@code pod} is empty. */
  public boolean holds(Site site, String address, String pod) {
    Set<String> claimed = pods.getOrDefault(new Place(site.key(), address), Set.of());
    return pod.isEmpty() ? !claimed.isEmpty() : claimed.contains(pod);
  }
}
