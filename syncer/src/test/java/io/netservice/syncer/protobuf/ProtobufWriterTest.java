package io.netservice.syncer.protobuf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of protobuf.dev/programming-guides/encoding, and what lies between them. */
class ProtobufWriterTest {

  private static String hex(ProtobufWriter written) {
    return HexFormat.of().formatHex(written.bytes());
  }

  @ParameterizedTest
  @CsvSource({"1, 150, 089601", "1, 0, 0800", "2, 127, 107f", "3, 128, 188001", "16, 1, 800101"})
  void numbersAreVarints(int field, int value, String bytes) {
    assertEquals(bytes, hex(new ProtobufWriter(0).number(field, value)));
  }

  @Test
  void textHasItsLengthInFrontAlsoAnEmptyOne() {
    assertEquals("120774657374696e67", hex(new ProtobufWriter(0).string(2, "testing")));
    assertEquals("1200", hex(new ProtobufWriter(0).string(2, "")));
    assertEquals("", hex(new ProtobufWriter(0).optional(2, "").optional(2, null)));
  }

  @Test
  void textIsUtf8() {
    assertEquals("0a0461c3bc62", hex(new ProtobufWriter(0).string(1, "aüb")));
    assertEquals("0a07f09f9880e282ac", hex(new ProtobufWriter(0).string(1, "😀€")));
  }

  @Test
  void messageHasItsLengthInFront() {
    ProtobufWriter writer = new ProtobufWriter(0);
    int message = writer.begin(3);
    writer.number(1, 150).end(message);
    assertEquals("1a03089601", hex(writer));
  }

  @ParameterizedTest
  @CsvSource({"127, 7f", "128, 8001", "16383, ff7f", "16384, 808001", "300000, e0a712"})
  void lengthTakesAsManyBytesAsItNeeds(int length, String bytes) {
    String text = "x".repeat(length);
    assertEquals("0a" + bytes + "78".repeat(length), hex(new ProtobufWriter(0).string(1, text)));

    ProtobufWriter writer = new ProtobufWriter(0);
    int message = writer.begin(1);
    writer.raw(text.getBytes(StandardCharsets.US_ASCII)).end(message).bool(2, true);
    assertEquals("0a" + bytes + "78".repeat(length) + "1001", hex(writer));
  }
}
