package io.netservice.bench.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineSplitterTest {

  private final List<String> lines = new ArrayList<>();
  private final LineSplitter splitter =
      new LineSplitter(line -> lines.add(new String(line, StandardCharsets.UTF_8)));

  private void feed(String text, int pieces) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += pieces) {
      splitter.accept(ByteBuffer.wrap(bytes, at, Math.min(pieces, bytes.length - at)));
    }
  }

  @ParameterizedTest(name = "pieces of {0} bytes")
  @ValueSource(ints = {1, 2, 3, 7, 100})
  void linesAreTheSameHoweverTheyArrive(int pieces) {
    feed("one\ntwö\n\nthree\n", pieces);
    assertEquals(List.of("one", "twö", "", "three"), lines);
  }

  @Test
  void lineIsGivenOnceItsEndHasCome() {
    feed("half", 100);
    assertEquals(List.of(), lines);
    feed(" and half\n", 100);
    assertEquals(List.of("half and half"), lines);
  }

  @Test
  void lineMayBeLongerThanTheBufferBegins() {
    String line = "x".repeat(300_000);
    feed(line + "\nshort\n", 16_384);
    assertEquals(List.of(line, "short"), lines);
  }
}
