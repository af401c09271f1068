package io.netservice.syncer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.netservice.syncer.queue.WorkQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LivenessTest {

  private final WorkQueue queue = mock(WorkQueue.class);
  private long now = Long.MAX_VALUE - 1_000; // It may run over.
  private final Liveness liveness = new Liveness(queue, () -> now);

  @Test
  void nothingIsWrongAtFirst() {
    assertEquals(Optional.empty(), liveness.dead());
  }

  @Test
  void threadThatHasEndedNeedsARestart() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "reconciler-3");
    thread.start();
    liveness.mustRun(thread);
    assertEquals(Optional.empty(), liveness.dead());
    end.countDown();
    thread.join();
    assertEquals(Optional.of("thread reconciler-3 has ended"), liveness.dead());
  }

  @Test
  void timerThatDoesNotBeatNeedsARestart() {
    now += Liveness.LONGEST_BEAT.toNanos();
    assertEquals(Optional.empty(), liveness.dead());
    now++;
    assertEquals(Optional.of("the timer does not run"), liveness.dead());
    liveness.beat();
    assertEquals(Optional.empty(), liveness.dead());
  }

  @Test
  void queueThatDoesNotMoveNeedsARestart() {
    when(queue.stalledNanos()).thenReturn(Liveness.LONGEST_STALL.toNanos());
    assertEquals(Optional.empty(), liveness.dead());
    when(queue.stalledNanos()).thenReturn(Liveness.LONGEST_STALL.toNanos() + 1);
    assertEquals(Optional.of("the queue does not move"), liveness.dead());
  }

  @Test
  void workWithoutAnEndNeedsARestart() {
    when(queue.longestWorkNanos()).thenReturn(Duration.ofMinutes(30).toNanos() + 1);
    assertEquals(Optional.of("a NetService is worked on without an end"), liveness.dead());
  }
}
