package io.netservice.syncer.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that have come but are not complete yet. For one thread at a time. */
final class Pending {

  /** Far above etcd's 1.5 MiB for an object: what is longer is no object. */
  static final int MAX_LENGTH = 16 * 1024 * 1024;

  /** What a quiet stream may go on holding. */
  private static final int KEPT = 16 * 1024;

  private static final byte[] EMPTY = {};

  private byte[] bytes = EMPTY;
  private int length;

  private final int most;

  /** No bytes yet, and never more than one object may have. */
  Pending() {
    this(MAX_LENGTH);
  }

  /** No bytes yet, and never more than {@code most}. */
  Pending(int most) {
    this.most = most;
  }

  /** How many bytes there are. */
  int length() {
    return length;
  }

  /** Where they are, from 0 to {@link #length}; another array after {@link #append}. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * Takes {@code size} more.
   *
   * @throws IOException if they are too many then
   */
  void append(ByteBuffer more, int size) throws IOException {
    if (size > most - length) {
      throw new IOException("what the API server sends is longer than " + most + " bytes");
    }
    if (bytes.length - length < size) {
      bytes = Arrays.copyOf(bytes, Math.max(length + size, Math.min(2 * length, most)));
    }
    more.get(bytes, length, size);
    length += size;
  }

  /** Drops the first {@code size} of them. */
  void drop(int size) {
    length -= size;
    if (length == 0) {
      clear();
    } else {
      System.arraycopy(bytes, size, bytes, 0, length);
    }
  }

  /** Drops all. */
  void clear() {
    length = 0;
    if (bytes.length > KEPT) {
      bytes = EMPTY;
    }
  }
}
