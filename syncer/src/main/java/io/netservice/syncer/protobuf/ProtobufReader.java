package io.netservice.syncer.protobuf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Steps through the wire format of protocol buffers, field by field. What is of no interest is
 * stepped over by its length alone, whatever it holds: that is what makes it so much cheaper than
 * JSON.
 *
 * <p>For one thread.
 */
public final class ProtobufReader {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;

  /** A varint of 64 bits takes ten bytes of seven. */
  private static final int MAX_SHIFT = 63;

  private final byte[] buffer;
  private int position;
  private int end;

  /** The end of the present field, for those that have a length. */
  private int valueEnd;

  private int wireType;

  /** Reads the message in {@code length} bytes of {@code buffer} from {@code offset}. */
  public ProtobufReader(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.position = offset;
    this.valueEnd = offset;
    this.end = offset + length;
  }

  /**
   * Steps to the next field of the present message, over what is left of the one before.
   *
   * @return its number, 0 at the end of the message
   * @throws IOException if the bytes are no message
   */
  public int next() throws IOException {
    position = Math.max(position, valueEnd);
    if (position == end) {
      return 0;
    }
    long tag = varint();
    wireType = (int) tag & 7;
    int start = position;
    switch (wireType) {
      case VARINT -> varint();
      case FIXED64 -> position += Long.BYTES;
      case FIXED32 -> position += Integer.BYTES;
      case LENGTH_DELIMITED -> {
        long length = varint();
        start = position;
        if (length < 0 || length > end - position) {
          throw new IOException("a field is longer than its message");
        }
        position += (int) length;
      }
      default -> throw new IOException("no such wire type of protocol buffers: " + wireType);
    }
    valueEnd = position;
    if (valueEnd > end) {
      throw new IOException("a field is longer than its message");
    }
    position = start;
    return (int) (tag >>> 3);
  }

  /** Goes into the message that is the present field; {@link #leave} goes back. */
  public int enter() throws IOException {
    delimited();
    int outer = end;
    end = valueEnd;
    valueEnd = position;
    return outer;
  }

  /** Goes on behind a message, with what {@link #enter} gave. */
  public void leave(int outer) {
    position = end;
    valueEnd = end;
    end = outer;
  }

  /** The present field as text. */
  public String text() throws IOException {
    delimited();
    return new String(buffer, position, valueEnd - position, StandardCharsets.UTF_8);
  }

  /** Whether the present field is this text, of ASCII alone. */
  public boolean is(String text) throws IOException {
    delimited();
    int length = text.length();
    if (valueEnd - position != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (buffer[position + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The present field as a number. */
  public long number() throws IOException {
    if (wireType != VARINT) {
      throw new IOException("a number has wire type " + wireType);
    }
    return varint();
  }

  /** Where the bytes of the present field begin; {@link #length} tells how many there are. */
  public int offset() throws IOException {
    delimited();
    return position;
  }

  /** The length of the present field. */
  public int length() {
    return valueEnd - position;
  }

  /** The bytes of the present field from {@link #offset} on stand in this array. */
  public byte[] buffer() {
    return buffer;
  }

  private void delimited() throws IOException {
    if (wireType != LENGTH_DELIMITED) {
      throw new IOException("a text or message has wire type " + wireType);
    }
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift <= MAX_SHIFT; shift += 7) {
      if (position >= end) {
        throw new IOException("a message ends within a number");
      }
      byte next = buffer[position++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("a number has more than 64 bits");
  }
}
