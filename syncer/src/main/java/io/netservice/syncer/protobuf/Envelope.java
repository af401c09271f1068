package io.netservice.syncer.protobuf;

import java.io.IOException;

/**
 * What every object that the API server reads or writes as protocol buffers stands in
 * (k8s.io/apimachinery/pkg/runtime: Unknown, and its serializer for protobuf).
 */
public final class Envelope {

  /** The media type of an object in an envelope. */
  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  /** How many bytes stand before the envelope's fields. */
  public static final int MAGIC_LENGTH = 4;

  /** The field that says what is in it. */
  public static final int TYPE = 1;

  /** The field that holds the object. */
  public static final int RAW = 2;

  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private Envelope() {}

  /** Writes what stands before the fields. */
  public static void begin(ProtobufWriter to) {
    to.raw(MAGIC);
  }

  /**
   * Makes sure that an envelope begins at {@code offset}.
   *
   * @param length how many bytes there are
   * @throws IOException if none does
   */
  public static void check(byte[] buffer, int offset, int length) throws IOException {
    for (int i = 0; i < MAGIC_LENGTH; i++) {
      if (length <= i || buffer[offset + i] != MAGIC[i]) {
        throw new IOException("an object is in no envelope of the API server's");
      }
    }
  }
}
