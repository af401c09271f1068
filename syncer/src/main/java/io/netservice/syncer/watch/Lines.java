package io.netservice.syncer.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Splits the bytes of a watch into lines: the API server ends each event with a newline, and JSON
 * has none within. A line that came in one piece is handed on without a copy.
 *
 * <p>For one thread at a time.
 */
final class Lines {

  /** Takes one line, which is valid only during the call. */
  @FunctionalInterface
  interface Handler {
    void line(byte[] buffer, int offset, int length) throws IOException;
  }

  /** Far above etcd's 1.5 MiB for an object: what is longer is no event. */
  static final int MAX_LENGTH = 16 * 1024 * 1024;

  /** What a quiet watch may go on holding. */
  private static final int KEPT = 16 * 1024;

  private static final byte[] EMPTY = {};

  private byte[] pending = EMPTY;
  private int length;

  /**
   * Takes all that remains in {@code bytes} and hands on the lines that it completes.
   *
   * @throws IOException if a line is longer than {@link #MAX_LENGTH}, or the handler's
   */
  void feed(ByteBuffer bytes, Handler handler) throws IOException {
    while (bytes.hasRemaining()) {
      int end = newline(bytes);
      if (end < 0) {
        append(bytes, bytes.remaining());
        return;
      }
      int size = end - bytes.position();
      if (length == 0 && bytes.hasArray()) {
        int from = bytes.arrayOffset() + bytes.position();
        bytes.position(end + 1);
        handler.line(bytes.array(), from, size);
      } else {
        append(bytes, size);
        bytes.position(end + 1);
        int complete = length;
        length = 0;
        handler.line(pending, 0, complete);
        if (pending.length > KEPT) {
          pending = EMPTY;
        }
      }
    }
  }

  private static int newline(ByteBuffer bytes) {
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      if (bytes.get(i) == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void append(ByteBuffer bytes, int size) throws IOException {
    if (size > MAX_LENGTH - length) {
      throw new IOException("an event of a watch is longer than " + MAX_LENGTH + " bytes");
    }
    if (pending.length - length < size) {
      pending = Arrays.copyOf(pending, Math.max(length + size, Math.min(2 * length, MAX_LENGTH)));
    }
    bytes.get(pending, length, size);
    length += size;
  }
}
