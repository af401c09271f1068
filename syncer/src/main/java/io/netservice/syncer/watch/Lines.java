package io.netservice.syncer.watch;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Splits the bytes of a watch into lines: the API server ends each event with a newline, and JSON
 * has none within. A line that came in one piece is handed on without a copy.
 */
final class Lines implements WireFormat.Splitter {

  private final Pending pending = new Pending();

  @Override
  public void feed(ByteBuffer bytes, WireFormat.Handler handler) throws IOException {
    while (bytes.hasRemaining()) {
      int end = newline(bytes);
      if (end < 0) {
        pending.append(bytes, bytes.remaining());
        return;
      }
      int size = end - bytes.position();
      if (pending.length() == 0 && bytes.hasArray()) {
        int from = bytes.arrayOffset() + bytes.position();
        bytes.position(end + 1);
        handler.part(bytes.array(), from, size);
      } else {
        pending.append(bytes, size);
        bytes.position(end + 1);
        try {
          handler.part(pending.bytes(), 0, pending.length());
        } finally {
          pending.clear();
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
}
