package io.netservice.syncer.watch;

import io.netservice.syncer.watch.CollectionWatch.Collection;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The namespaces that are watched: all, by one watch of each kind over the whole cluster, or those
 * that are listed, by one for each of them. In the others nothing is asked for.
 *
 * @param namespaces those that are listed, none for all
 */
public record Scope(Set<String> namespaces) {

  /** Everything. */
  public static final Scope ALL = new Scope(Set.of());

  public Scope {
    namespaces = Set.copyOf(namespaces);
  }

  /** The namespaces to watch one by one, {@code ""} for all at once. */
  Stream<String> parts() {
    return namespaces.isEmpty() ? Stream.of("") : namespaces.stream().sorted();
  }

  /** The part that tells of {@code namespace}, if any does. */
  String part(String namespace) {
    return namespaces.isEmpty() ? "" : namespace;
  }

  /**
   * What to watch for a part.
   *
   * @param path of the API's version, such as {@code /api/v1}
   * @param plural the kind
   * @param selector of labels, empty for all
   */
  static Collection collection(String part, String path, String plural, String selector) {
    return new Collection(
        path + (part.isEmpty() ? "" : "/namespaces/" + part) + "/" + plural, selector);
  }

  /** Whether {@code key}, a {@code namespace/name}, is of that part. */
  static boolean isOf(String part, String key) {
    return part.isEmpty() || Keys.namespace(key).equals(part);
  }
}
