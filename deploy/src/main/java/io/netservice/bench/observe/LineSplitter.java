package io.netservice.bench.observe;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts a stream of bytes into lines; a line may come in any number of pieces. */
final class LineSplitter {

  private final Consumer<byte[]> lines;
  private byte[] held = new byte[1 << 16];
  private int length;

  /** Gives each line, without its end, to {@code lines}. */
  LineSplitter(Consumer<byte[]> lines) {
    this.lines = lines;
  }

  void accept(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      int end = end(bytes);
      int take = (end < 0 ? bytes.limit() : end) - bytes.position();
      if (length + take > held.length) {
        held = Arrays.copyOf(held, Math.max(2 * held.length, length + take));
      }
      bytes.get(held, length, take);
      length += take;
      if (end >= 0) {
        bytes.get();
        lines.accept(Arrays.copyOf(held, length));
        length = 0;
      }
    }
  }

  private static int end(ByteBuffer bytes) {
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      if (bytes.get(i) == '\n') {
        return i;
      }
    }
    return -1;
  }
}
