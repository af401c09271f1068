package io.netservice.syncer.watch;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Set;

/**
 * An object as a watch tells it.
 *
 * @param key {@code namespace/name}, or the name of what has no namespace
 * @param resourceVersion its version, from which a watch can go on
 * @param object what is read of it
 */
record Item<T>(String key, String resourceVersion, T object) {

  /** Reads an object where {@code json} stands at its opening brace, up to its closing one. */
  @FunctionalInterface
  interface Decoder<T> {
    Item<T> read(JsonParser json) throws IOException;
  }

  /** Keeps objects; called by one thread at a time. */
  interface Sink<T> {
    /** All there is will be put, until {@link #complete}; it may begin again before that. */
    default void begin() {}

    /** The object is there, in this state. */
    void put(String key, T object);

    /** The object, last seen in this state, is gone. */
    void remove(String key, T object);

    /**
     * All there was at {@code resourceVersion} has been put; what has none of {@code keys} is gone.
     */
    void complete(Set<String> keys, String resourceVersion);

    /**
     * There is no such collection in this cluster, or it may not be read, as the answer {@code
     * code} says.
     *
     * @return whether that is a state to live with, in which the watch asks again now and then
     */
    default boolean unavailable(int code) {
      return false;
    }
  }
}
