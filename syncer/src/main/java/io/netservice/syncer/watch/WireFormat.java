package io.netservice.syncer.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * How the objects of a collection come over the wire.
 *
 * @param <T> what is read of an object
 */
interface WireFormat<T> {

  /** The media type that a list is asked for in. */
  String listType();

  /**
   * The media type that a watch is asked for in.
   *
   * @param atFirst whether the watch begins with all there is
   */
  String watchType(boolean atFirst);

  /**
   * Whether all there is is listed before what follows is watched. Else the watch tells it
   * (KEP-3157): that spares one request, but costs the API server a look at every object of the
   * kind in the whole cluster, of which a list looks at one namespace's alone.
   */
  boolean listsFirst();

  /** How many objects a list is asked for at a time, 0 for all. */
  int page();

  /** Splits what a watch tells into events. */
  Splitter splitter();

  /** Reads one event. */
  WatchEvent<T> event(byte[] buffer, int offset, int length) throws IOException;

  /** Reads a list, or a page of one, and hands on each object of it. */
  ListReader list(Consumer<Item<T>> objects);

  /** Splits a stream into its parts; for one thread at a time. */
  interface Splitter {

    /**
     * Takes all that remains in {@code bytes} and hands on the parts that it completes.
     *
     * @throws IOException if a part is longer than {@link Pending#MAX_LENGTH}, or the handler's
     */
    void feed(ByteBuffer bytes, Handler handler) throws IOException;
  }

  /** Takes one part of a stream, which is valid only during the call. */
  @FunctionalInterface
  interface Handler {
    void part(byte[] buffer, int offset, int length) throws IOException;
  }

  /** Reads one answer that is a list; for one thread at a time. */
  interface ListReader {

    /** Takes all that remains in {@code bytes}. */
    void feed(ByteBuffer bytes) throws IOException;

    /** Ends the list; each of its objects has been handed on when this returns. */
    ListEnd end() throws IOException;
  }

  /**
   * What is known at the end of a list.
   *
   * @param resourceVersion from where a watch goes on
   * @param next what to ask for the next page with, empty if this is the last
   */
  record ListEnd(String resourceVersion, String next) {}
}
