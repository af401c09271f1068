package io.netservice.syncer.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netservice.api.Condition;
import io.netservice.api.EndpointCounts;
import io.netservice.api.NetServiceStatus;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StatusPaceTest {

  private final AtomicLong now = new AtomicLong(-5_000);
  private final StatusPace pace = new StatusPace(now::get);

  private static NetServiceStatus status(String reason, int ready) {
    Condition condition =
        new Condition("Ready", "True", reason, ready + " are ready", "2026-01-01T00:00:00Z", 1L);
    return new NetServiceStatus(1L, List.of(condition), EndpointCounts.of(ready, 0, 0), "a=b");
  }

  @Test
  void theFirstIsWrittenAtOnce() {
    assertEquals(0, pace.mayWait("a", null, status("Published", 1)));
    assertEquals(0, pace.mayWait("a", status("Published", 1), status("Published", 2)));
  }

  @Test
  void countsAloneWaitUntilASecondAfterTheLast() {
    pace.written("a");
    now.addAndGet(StatusPace.INTERVAL_NANOS / 4);
    assertEquals(751, pace.mayWait("a", status("Published", 1), status("Published", 2)));
    now.addAndGet(StatusPace.INTERVAL_NANOS * 3 / 4);
    assertEquals(0, pace.mayWait("a", status("Published", 1), status("Published", 2)));
  }

  @Test
  void anotherReasonIsWrittenAtOnce() {
    pace.written("a");
    assertEquals(0, pace.mayWait("a", status("NoMatchingPods", 0), status("Published", 1)));
  }

  /** Networks and NetServices are watched apart: the network may be there already. */
  @Test
  void missingNetworkWaitsASecondAtFirst() {
    assertEquals(1000, pace.mayWait("a", null, status("NetworkNotFound", 0)));
    assertEquals(1000, pace.mayWait("a", status("Published", 1), status("NetworkNotFound", 0)));
    assertEquals(0, pace.mayWait("a", status("NetworkNotFound", 0), status("Published", 1)));
  }

  @Test
  void keysDoNotWaitForEachOther() {
    pace.written("a");
    assertEquals(0, pace.mayWait("b", status("Published", 1), status("Published", 2)));
    assertTrue(pace.mayWait("a", status("Published", 1), status("Published", 2)) > 0);
    pace.forget("a");
    assertEquals(0, pace.mayWait("a", status("Published", 1), status("Published", 2)));
  }
}
