package io.netservice.bench.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LiveHeapTest {

  @Test
  void totalOfAHistogramIsRead() {
    assertEquals(
        OptionalLong.of(15432),
        LiveHeap.total(
            """
             num     #instances         #bytes  class name (module)
               1:            12          15000  [B (java.base@17)
               2:             9            432  java.lang.String (java.base@17)
            Total            21          15432
            """));
  }

  @Test
  void whatCanBeReachedIsCounted() {
    byte[] kept = new byte[20_000_000];
    long bytes = LiveHeap.of(ProcessHandle.current().pid()).orElseThrow();
    assertTrue(bytes >= kept.length, () -> bytes + " of at least " + kept.length);
  }
}
