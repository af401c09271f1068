package io.netservice.syncer.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the wire format of protocol buffers, in the order of the calls. A message is written
 * between {@link #begin} and {@link #end}; its length is put in front of it when it is known.
 *
 * <p>For one thread.
 */
public final class ProtobufWriter {

  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;
  private static final int MAX_VARINT = 10;

  private byte[] buffer;
  private int size;

  /**
   * Writes nothing yet.
   *
   * @param capacity about how many bytes will be written; more is possible
   */
  public ProtobufWriter(int capacity) {
    buffer = new byte[Math.max(capacity, 64)];
  }

  /** Bytes that belong to no field. */
  public ProtobufWriter raw(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
    return this;
  }

  /** A text, also an empty one. */
  public ProtobufWriter string(int field, String text) {
    int start = begin(field);
    int chars = text.length();
    reserve(3 * chars); // A char takes at most three bytes in UTF-8, a pair of surrogates four.
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        size = start;
        raw(text.getBytes(StandardCharsets.UTF_8));
        break;
      }
      buffer[size++] = (byte) c;
    }
    return end(start);
  }

  /** A text, if it is not empty. */
  public ProtobufWriter optional(int field, String text) {
    return text == null || text.isEmpty() ? this : string(field, text);
  }

  public ProtobufWriter bool(int field, boolean value) {
    return number(field, value ? 1 : 0);
  }

  /** A number that is not negative. */
  public ProtobufWriter number(int field, int value) {
    reserve(2 * MAX_VARINT);
    varint(field << 3 | VARINT);
    varint(value);
    return this;
  }

  /**
   * Begins a message, or anything else that has a length.
   *
   * @return what {@link #end} is to be called with
   */
  public int begin(int field) {
    reserve(MAX_VARINT + 1);
    varint(field << 3 | LENGTH_DELIMITED);
    size++; // Most lengths take one byte.
    return size;
  }

  /** Ends what began at {@code start}. */
  public ProtobufWriter end(int start) {
    int length = size - start;
    int more = varintLength(length) - 1;
    if (more > 0) {
      reserve(more);
      System.arraycopy(buffer, start, buffer, start + more, length);
    }
    size = start - 1;
    varint(length);
    size += length;
    return this;
  }

  /** What was written. */
  public byte[] bytes() {
    return Arrays.copyOf(buffer, size);
  }

  private void varint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      buffer[size++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
  }

  private static int varintLength(int value) {
    return value == 0 ? 1 : (Integer.SIZE - Integer.numberOfLeadingZeros(value) + 6) / 7;
  }

  private void reserve(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, size + more));
    }
  }
}
