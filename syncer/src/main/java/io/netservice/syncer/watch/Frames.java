package io.netservice.syncer.watch;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Splits the bytes of a watch of protocol buffers into events: before each stands its length, in
 * four bytes, the highest first. An event that came in one piece is handed on without a copy.
 */
final class Frames implements WireFormat.Splitter {

  private static final int HEADER = Integer.BYTES;

  private final Pending pending = new Pending();

  @Override
  public void feed(ByteBuffer bytes, WireFormat.Handler handler) throws IOException {
    while (bytes.hasRemaining()) {
      if (pending.length() == 0 && bytes.hasArray() && bytes.remaining() >= HEADER) {
        int size = checked(bytes.getInt(bytes.position()));
        if (bytes.remaining() - HEADER >= size) {
          int from = bytes.arrayOffset() + bytes.position() + HEADER;
          bytes.position(bytes.position() + HEADER + size);
          handler.part(bytes.array(), from, size);
          continue;
        }
      }
      if (pending.length() < HEADER) {
        pending.append(bytes, Math.min(HEADER - pending.length(), bytes.remaining()));
        if (pending.length() < HEADER) {
          return;
        }
      }
      int size = checked(ByteBuffer.wrap(pending.bytes()).getInt());
      pending.append(bytes, Math.min(HEADER + size - pending.length(), bytes.remaining()));
      if (pending.length() == HEADER + size) {
        try {
          handler.part(pending.bytes(), HEADER, size);
        } finally {
          pending.clear();
        }
      }
    }
  }

  private static int checked(int size) throws IOException {
    if (size < 0 || size > Pending.MAX_LENGTH - HEADER) {
      throw new IOException("an event of a watch says that it has " + size + " bytes");
    }
    return size;
  }
}
