package io.netservice.syncer.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Takes {@code object} in, unless a newer state is here. */
  public synchronized void observe(T object) {
    String key = Keys.of(object);
    T known = objects.get(key);
    if (known != null && isOlder(object, known)) {
      return;
    }
    drop(key);
    objects.put(key, object);
    ownerKey
        .apply(object)
        .ifPresent(
            owner -> byOwner.computeIfAbsent(owner, any -> new HashMap<>()).put(key, object));
  }

  /** Forgets {@code object}, unless a newer one of that name is here. */
  public synchronized void remove(T object) {
    T known = objects.get(Keys.of(object));
    if (known != null
        && (known.getMetadata().getUid().equals(object.getMetadata().getUid())
            || !isOlder(object, known))) {
      drop(Keys.of(object));
    }
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

  /** Resource versions grow with every write (KEP-5504: they may be compared as numbers). */
  private static boolean isOlder(HasMetadata one, HasMetadata other) {
    return version(one).compareTo(version(other)) < 0;
  }

  private static BigInteger version(HasMetadata object) {
    String text = object.getMetadata().getResourceVersion();
    return text == null || text.isEmpty() ? BigInteger.ZERO : new BigInteger(text);
  }
}
