package io.netservice.syncer.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkQueueTest {

  private final ScheduledExecutorService timer = mock(ScheduledExecutorService.class);
  private final WorkQueue queue = new WorkQueue(timer, Duration.ofSeconds(30));

  @Test
  void keyIsQueuedOnceHoweverOftenItIsAdded() throws Exception {
    queue.add("a");
    queue.add("b");
    queue.add("a");
    assertEquals("a", queue.take());
    assertEquals("b", queue.take());
    assertEquals(0, queue.depth());
  }

  @Test
  void keyThatIsAddedWhileItIsWorkedOnComesAgainAfterwards() throws Exception {
    queue.add("a");
    queue.take();
    queue.add("a");
    queue.add("a");
    assertEquals(0, queue.depth(), "never twice at a time");
    queue.done("a");
    assertEquals(1, queue.depth());
    assertEquals("a", queue.take());
    queue.done("a");
    assertEquals(0, queue.depth());
  }

  @Test
  void delaysGrowToTheirBoundAndStartAnewOnceForgotten() {
    long longest = 0;
    for (int failure = 0; failure < 40; failure++) {
      long full = Math.min(30_000, 5L << Math.min(failure, 13));
      long delay = queue.retry("a");
      assertTrue(delay >= full / 2 && delay <= full, failure + ": " + delay);
      longest = Math.max(longest, delay);
    }
    assertTrue(longest > 10_000);
    queue.forget("a");
    assertTrue(queue.retry("a") <= 5);
  }

  @Test
  void oneKeysFailuresDoNotDelayAnother() throws Exception {
    for (int failure = 0; failure < 10; failure++) {
      queue.retry("a");
    }
    queue.add("b");
    assertEquals("b", queue.take());
    assertTrue(queue.retry("b") <= 5);
  }

  @Test
  void waitingKeyComesByTheTimer() {
    queue.addAfter("a", 70);
    verify(timer).schedule(any(Runnable.class), eq(70L), eq(TimeUnit.MILLISECONDS));
    assertEquals(0, queue.depth());
  }

  @Test
  void closedQueueGivesNothingMore() throws Exception {
    queue.add("a");
    queue.close();
    assertNull(queue.take());
    queue.add("b");
    assertEquals(1, queue.depth(), "only what was there before");
  }
}
