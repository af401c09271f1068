package io.netservice.syncer.watch;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The newest known state of objects of one kind, from their watch and from the answers to writes,
 * grouped by the NetService they belong to. An older state never replaces a newer one: the answer
 * to a write is often here before the watch tells what was before it.
 *
 * <p>Where the watch tells metadata alone, an object whose version is not known from an answer is
 * <em>unread</em>: it is there, but what is in it has to be asked for.
 *
 * <p>May be used from any thread.
 */
public final class ObjectCache<T> {

  private final Function<T, ObjectMeta> metadata;
  private final Function<ObjectMeta, Optional<String>> ownerKey;
  private final Map<String, Entry<T>> entries = new HashMap<>();
  private final Map<String, Map<String, Entry<T>>> byOwner = new HashMap<>();

  /** What is asked about at this moment, with the version at which it was seen to be gone. */
  private final Map<String, String> underWay = new HashMap<>();

  /**
   * What is known of an object.
   *
   * @param object null if it is unread
   */
  private record Entry<T>(ObjectMeta metadata, T object) {}

  /**
   * An empty cache.
   *
   * @param metadata the metadata of an object
   * @param ownerKey the {@code namespace/name} of the NetService that an object belongs to
   */
  public ObjectCache(
      Function<T, ObjectMeta> metadata, Function<ObjectMeta, Optional<String>> ownerKey) {
    this.metadata = metadata;
    this.ownerKey = ownerKey;
  }

  /**
   * Takes {@code object} in, unless this or a newer state is here.
   *
   * @return whether it was news
   */
  public synchronized boolean observe(T object) {
    ObjectMeta meta = metadata.apply(object);
    Entry<T> known = entries.get(Keys.of(meta));
    String goneAt = underWay.getOrDefault(Keys.of(meta), "");
    boolean isNews =
        !isOlder(meta, goneAt)
            && (known == null
                || isOlder(known.metadata, version(meta))
                || (known.object == null && version(known.metadata).equals(version(meta))));
    if (isNews) {
      put(new Entry<>(meta, object));
    }
    return isNews;
  }

  /**
   * Takes in that an object has this metadata; it is unread if that is newer than what is here.
   *
   * @return whether somebody should look at it: it is unread, and no request for it under way
   */
  public synchronized boolean observeMetadata(ObjectMeta meta) {
    String key = Keys.of(meta);
    Entry<T> known = entries.get(key);
    if (known != null && !isOlder(known.metadata, version(meta))) {
      return false;
    }
    put(new Entry<>(meta, null));
    return !underWay.containsKey(key);
  }

  /**
   * A request for the object {@code key} is under way: until {@link #end} nobody is told of news
   * that its answer most likely brings, too, and an answer from before the object was seen to be
   * gone is not taken for its return.
   */
  public synchronized void begin(String key) {
    underWay.put(key, "");
  }

  /** The request for the object {@code key} is over, its answer observed. */
  public synchronized void end(String key) {
    underWay.remove(key);
  }

  /**
   * Forgets the object with this metadata, unless a newer one of its name is here.
   *
   * @return whether it was here
   */
  public synchronized boolean remove(ObjectMeta meta) {
    Entry<T> known = entries.get(Keys.of(meta));
    underWay.computeIfPresent(Keys.of(meta), (any, before) -> version(meta));
    boolean isGone =
        known != null
            && (known.metadata.getUid().equals(meta.getUid())
                || !isOlder(meta, version(known.metadata)));
    if (isGone) {
      drop(Keys.of(meta));
    }
    return isGone;
  }

  /**
   * Forgets what has none of {@code keys} and is not newer than {@code resourceVersion}, of which
   * these are all there were.
   *
   * @param told whether a key is of what these are all of; others stay
   * @return the metadata of what was forgotten
   */
  public synchronized List<ObjectMeta> retain(
      Set<String> keys, String resourceVersion, Predicate<String> told) {
    Predicate<String> isGone = key -> told.test(key) && !keys.contains(key);
    underWay.replaceAll((key, before) -> isGone.test(key) ? resourceVersion : before);
    List<ObjectMeta> gone =
        entries.entrySet().stream()
            .filter(known -> isGone.test(known.getKey()))
            .map(known -> known.getValue().metadata)
            .filter(meta -> isOlder(meta, resourceVersion))
            .toList();
    gone.forEach(meta -> drop(Keys.of(meta)));
    return gone;
  }

  /** The object of that {@code namespace/name}, if there is one and it has been read. */
  public synchronized Optional<T> get(String key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::object);
  }

  /** Takes what is known of an object. */
  @FunctionalInterface
  interface Visitor<T> {
    /** {@code object} is null if it is unread. */
    void visit(String key, ObjectMeta metadata, T object);
  }

  /** Shows all objects, which must not take long. */
  synchronized void forEach(Visitor<T> visitor) {
    entries.forEach((key, entry) -> visitor.visit(key, entry.metadata, entry.object));
  }

  /** Forgets an object whether it is there or not, so that the next news of it is taken in. */
  synchronized void discard(String key) {
    drop(key);
  }

  /** How many objects there are. */
  synchronized int size() {
    return entries.size();
  }

  /** The keys of all objects. */
  public synchronized List<String> keys() {
    return List.copyOf(entries.keySet());
  }

  /** All that belong to the NetService {@code owner} and have been read. */
  public synchronized List<T> ownedBy(String owner) {
    return byOwner.getOrDefault(owner, Map.of()).values().stream()
        .map(Entry::object)
        .filter(Objects::nonNull)
        .toList();
  }

  /** The metadata of all that belong to the NetService {@code owner} and are unread. */
  public synchronized List<ObjectMeta> unread(String owner) {
    return byOwner.getOrDefault(owner, Map.of()).values().stream()
        .filter(entry -> entry.object == null)
        .map(Entry::metadata)
        .toList();
  }

  private void put(Entry<T> entry) {
    String key = Keys.of(entry.metadata);
    drop(key);
    entries.put(key, entry);
    ownerKey
        .apply(entry.metadata)
        .ifPresent(owner -> byOwner.computeIfAbsent(owner, any -> new HashMap<>()).put(key, entry));
  }

  private void drop(String key) {
    Entry<T> old = entries.remove(key);
    if (old != null) {
      ownerKey
          .apply(old.metadata)
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
  private static boolean isOlder(ObjectMeta object, String other) {
    String version = version(object);
    return version.length() != other.length()
        ? version.length() < other.length()
        : version.compareTo(other) < 0;
  }

  private static String version(ObjectMeta object) {
    String text = object.getResourceVersion();
    return text == null ? "" : text;
  }
}
