package io.netservice.syncer.watch;

import static io.netservice.syncer.watch.PodBytes.framed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {

  private final Frames frames = new Frames();
  private final List<String> got = new ArrayList<>();

  private void feed(ByteBuffer bytes) throws IOException {
    frames.feed(bytes, (buffer, from, length) -> got.add(new String(buffer, from, length, UTF_8)));
  }

  @Test
  void howTheBytesAreCutMakesNoDifference() throws IOException {
    List<String> sent = new ArrayList<>();
    Random random = new Random(7);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 300; i++) {
      String part = random.nextInt(9) == 0 ? "" : "x".repeat(random.nextInt(20_000)) + i;
      sent.add(part);
      all.writeBytes(framed(part.getBytes(UTF_8)));
    }
    byte[] bytes = all.toByteArray();
    for (int from = 0; from < bytes.length; ) {
      int most = random.nextBoolean() ? 5 : 16_384;
      int size = Math.min(bytes.length - from, 1 + random.nextInt(most));
      ByteBuffer piece = ByteBuffer.wrap(bytes, from, size);
      feed(random.nextBoolean() ? piece : piece.asReadOnlyBuffer());
      from += size;
    }
    assertEquals(sent, got);
  }

  @Test
  void aLengthThatNoEventHasIsRefusedBeforeItFillsTheMemory() {
    byte[] tooLong = ByteBuffer.allocate(8).putInt(Pending.MAX_LENGTH).array();
    assertThrows(IOException.class, () -> feed(ByteBuffer.wrap(tooLong)));
    byte[] negative = ByteBuffer.allocate(8).putInt(-1).array();
    assertThrows(IOException.class, () -> new Frames().feed(ByteBuffer.wrap(negative), null));
  }
}
