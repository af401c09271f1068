package io.netservice.syncer.watch;

import io.fabric8.kubernetes.api.model.ObjectMeta;
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
public final class ObjectCache<T> {

  private final Function<T, ObjectMeta> metadata;
  private final Function<T, Optional<String>> ownerKey;
  private final Map<String, T> objects = new HashMap<>();
  private final Map<String, Map<String, T>> byOwner = new HashMap<>();

  /**
   * An empty cache.
   *
   * @param metadata the metadata of an object
   * @param ownerKey the {@code namespace/name} of the NetService that an object belongs to
   */
  public ObjectCache(Function<T, ObjectMeta> metadata, Function<T, Optional<String>> ownerKey) {
    this.metadata = metadata;
    this.ownerKey = ownerKey;
  }

  /**
   * Takes {@code object} in, unless this or a newer state is here.
   *
   * @return whether it was news
   */
  public synchronized boolean observe(T object) {
    String key = key(object);
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
    T known = objects.get(key(object));
    boolean isGone =
        known != null
            && (metadata.apply(known).getUid().equals(metadata.apply(object).getUid())
                || !isOlder(object, version(known)));
    if (isGone) {
      drop(key(object));
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
    gone.forEach(object -> drop(key(object)));
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
  private boolean isOlder(T object, String other) {
    String version = version(object);
    return version.length() != other.length()
        ? version.length() < other.length()
        : version.compareTo(other) < 0;
  }

  private String key(T object) {
    return Keys.of(metadata.apply(object).getNamespace(), metadata.apply(object).getName());
  }

  private String version(T object) {
    String text = metadata.apply(object).getResourceVersion();
    return text == null ? "" : text;
  }
}
