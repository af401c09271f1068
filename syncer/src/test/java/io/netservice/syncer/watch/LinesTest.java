package io.netservice.syncer.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {

  private final Lines lines = new Lines();
  private final List<String> got = new ArrayList<>();

  private void feed(ByteBuffer bytes) throws IOException {
    lines.feed(bytes, (buffer, from, length) -> got.add(new String(buffer, from, length, UTF_8)));
  }

  private void feed(String text) throws IOException {
    feed(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  @Test
  void aLineIsHandedOnWhenItsEndIsThere() throws IOException {
    feed("{\"a\"");
    assertEquals(List.of(), got);
    feed(":1}\n{");
    assertEquals(List.of("{\"a\":1}"), got);
    feed("}\n");
    assertEquals(List.of("{\"a\":1}", "{}"), got);
  }

  @Test
  void howTheBytesAreCutMakesNoDifference() throws IOException {
    List<String> sent = new ArrayList<>();
    Random random = new Random(7);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      String line = "é".repeat(random.nextInt(5)) + "x".repeat(random.nextInt(40_000)) + i;
      sent.add(line);
      all.append(line).append('\n');
    }
    byte[] bytes = all.toString().getBytes(UTF_8);
    for (int from = 0; from < bytes.length; ) {
      int size = Math.min(bytes.length - from, 1 + random.nextInt(16_384));
      ByteBuffer piece = ByteBuffer.wrap(bytes, from, size);
      feed(random.nextBoolean() ? piece : piece.asReadOnlyBuffer());
      from += size;
    }
    assertEquals(sent, got);
  }

  @Test
  void aLineThatCannotBeAnEventIsRefusedBeforeItFillsTheMemory() throws IOException {
    byte[] much = new byte[Pending.MAX_LENGTH];
    feed(ByteBuffer.wrap(much));
    assertThrows(IOException.class, () -> feed("x"));
  }
}
