package io.netservice.syncer.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The newest known state of objects of one kind, from their watch and from the answers to writes,
 * grouped by the NetService they belong to. An older state never replaces a newer one: the answer
 * to a write is often here before the watch tells what was before it.
 *
 * <p>May be used from any thread.
 */
public final class ObjectCache<T extends HasMetadata> {

  private final Function<T, Optional<String>> ownerKey;
  private final Map<String, T> objects = new HashMap<>();
  private final Map<String, Map<String, T>> byOwner = new HashMap<>();

  /**
   * An empty cache.
   *
   * @param ownerKey the {@code namespace/name} of the NetService that an object belongs to
   */
  public ObjectCache(Function<T, Optional<String>> ownerKey) {
    this.ownerKey = ownerKey;
  }

  /**
   * Takes {@code object} in, unless this or a newer state is here.
   *
   * @return whether it was news
   */
  public synchronized boolean observe(T object) {
    String key = Keys.of(object);
    T known = objects.get(key);
    if (known != null && !isOlder(known, version(object))) {
      return false;
    }
    drop(key);
    objects.put(key, object);
    ownerKey
        .apply(object)
        .ifPresent(
            owner -> byOwner.computeIfAbsent(owner, any -> new HashMap<>()).put(key, object));
    return true;
  }

  /**
   * Forgets {@code object}, unless a newer one of that name is here.
   *
   * @return whether it was here
   */
  public synchronized boolean remove(T object) {
    T known = objects.get(Keys.of(object));
    boolean isGone =
        known != null
            && (known.getMetadata().getUid().equals(object.getMetadata().getUid())
                || !isOlder(object, version(known)));
    if (isGone) {
      drop(Keys.of(object));
    }
    return isGone;
  }

  /**
   * Forgets what has none of {@code keys} and is not newer than {@code resourceVersion}, of which
   * these are all there were.
   *
   * @return what was forgotten
   */
  public synchronized List<T> retain(Set<String> keys, String resourceVersion) {
    List<T> gone =
        objects.entrySet().stream()
            .filter(known -> !keys.contains(known.getKey()))
            .map(Map.Entry::getValue)
            .filter(object -> isOlder(object, resourceVersion))
            .toList();
    gone.forEach(object -> drop(Keys.of(object)));
    return gone;
  }

  /** The object of that {@code namespace/name}. */
  public synchronized Optional<T> get(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** The keys of all objects. */
  public synchronized List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  /** All that belong to the NetService {@code owner}. */
  public synchronized List<T> ownedBy(String owner) {
    return new ArrayList<>(byOwner.getOrDefault(owner, Map.of()).values());
  }

  private void drop(String key) {
    T old = objects.remove(key);
    if (old != null) {
      ownerKey
          .apply(old)
          .ifPresent(
              owner ->
                  byOwner.computeIfPresent(
                      owner,
                      (any, owned) -> {
                        owned.remove(key);
                        return owned.isEmpty() ? null : owned;
                      }));
    }
  }

  /** Resource versions are numbers that grow with every write (KEP-5504). */
  private static boolean isOlder(HasMetadata object, String other) {
    String version = version(object);
    return version.length() != other.length()
        ? version.length() < other.length()
        : version.compareTo(other) < 0;
  }

  private static String version(HasMetadata object) {
    String text = object.getMetadata().getResourceVersion();
    return text == null ? "" : text;
  }
}
