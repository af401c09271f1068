package io.netservice.syncer.watch;

import java.io.IOException;

/**
 * What a watch tells (metav1.WatchEvent).
 *
 * @param type what happened
 * @param item the object; null for bookmarks and errors
 * @param resourceVersion from where a watch can go on; empty for errors
 * @param initialEnd whether this bookmark ends the initial events (KEP-3157)
 * @param code the HTTP code of an error, otherwise 0
 * @param message the text of an error
 */
record WatchEvent<T>(
    Type type, Item<T> item, String resourceVersion, boolean initialEnd, int code, String message) {

  /** The annotation of the bookmark behind the initial events. */
  static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

  /** What an event tells. */
  enum Type {
    ADDED,
    MODIFIED,
    DELETED,
    BOOKMARK,
    ERROR
  }

  /** That an object is there, as it is now, or was when it was deleted. */
  static <T> WatchEvent<T> of(Type type, Item<T> item) {
    return new WatchEvent<>(type, item, item.resourceVersion(), false, 0, "");
  }

  /**
   * That all has been told up to {@code resourceVersion}.
   *
   * @param initialEnd whether it ends the initial events
   */
  static <T> WatchEvent<T> bookmark(String resourceVersion, boolean initialEnd) {
    return new WatchEvent<>(Type.BOOKMARK, null, resourceVersion, initialEnd, 0, "");
  }

  /** That the watch failed. */
  static <T> WatchEvent<T> error(int code, String message) {
    return new WatchEvent<>(Type.ERROR, null, "", false, code, message);
  }

  /**
   * The type of that name.
   *
   * @throws IOException if there is none
   */
  static Type type(String text) throws IOException {
    try {
      return Type.valueOf(text);
    } catch (IllegalArgumentException e) {
      throw new IOException("a watch sent an event of type " + text, e);
    }
  }
}
