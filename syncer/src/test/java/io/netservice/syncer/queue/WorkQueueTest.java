package io.netservice.syncer.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

class WorkQueueTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final ScheduledExecutorService timer = mock(ScheduledExecutorService.class);
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000); // It may run over.
  private final WorkQueue queue = new WorkQueue(timer, Duration.ofSeconds(30), 1, now::get);

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
  void afterABurstTheKeyRestsAndIsNeverTwiceAtATime() throws Exception {
    queue.addChange("a");
    queue.take();
    queue.addChange("a");
    queue.addChange("a");
    queue.done("a", 20);
    assertEquals(0, queue.depth());
    queue.addChange("a");
    assertEquals(0, queue.depth(), "what comes during the rest does not end it");
    ArgumentCaptor<Runnable> later = ArgumentCaptor.forClass(Runnable.class);
    verify(timer).schedule(later.capture(), eq(20L), eq(TimeUnit.MILLISECONDS));
    later.getValue().run();
    assertEquals("a", queue.take());
    assertEquals(0, queue.depth());
  }

  @Test
  void ofManyTimesForAKeyTheEarliestCounts() throws Exception {
    for (int i = 0; i < 100; i++) {
      queue.addAfter("a", 2_000);
    }
    queue.addAfter("a", 50);
    queue.addAfter("b", 2_000);
    ArgumentCaptor<Runnable> later = ArgumentCaptor.forClass(Runnable.class);
    ArgumentCaptor<Long> millis = ArgumentCaptor.forClass(Long.class);
    verify(timer, times(3)).schedule(later.capture(), millis.capture(), any());
    assertEquals(List.of(2_000L, 50L, 2_000L), millis.getAllValues());
    later.getAllValues().get(1).run();
    assertEquals("a", queue.take());
    queue.done("a", 0);
    later.getAllValues().get(0).run();
    assertEquals(0, queue.depth(), "the later time went with the earlier one");
  }

  @Test
  void oneChangeIsNoBurstNorIsWhatElseHappens() throws Exception {
    queue.addChange("a");
    queue.addChange("a");
    queue.take();
    queue.addChange("a");
    queue.add("a");
    queue.add("a");
    queue.done("a", 20);
    assertEquals(1, queue.depth());
    verifyNoInteractions(timer);
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
  void delaysOfKeysThatFailTogetherAreSpread() {
    Set<Long> delays = new HashSet<>();
    for (int key = 0; key < 20; key++) {
      long delay = 0;
      for (int failure = 0; failure < 20; failure++) {
        delay = queue.retry("key " + key);
      }
      delays.add(delay);
    }
    assertTrue(delays.size() > 10, delays::toString);
  }

  @Test
  void waitingKeyComesByTheTimer() throws Exception {
    queue.addAfter("a", 70);
    ArgumentCaptor<Runnable> task = ArgumentCaptor.forClass(Runnable.class);
    verify(timer).schedule(task.capture(), eq(70L), eq(TimeUnit.MILLISECONDS));
    assertEquals(0, queue.depth());
    task.getValue().run();
    assertEquals("a", queue.take());
  }

  @Test
  void failedKeyThatIsAddedMeanwhileDoesNotWaitAndComesOnce() throws Exception {
    queue.retry("a");
    ArgumentCaptor<Runnable> task = ArgumentCaptor.forClass(Runnable.class);
    verify(timer).schedule(task.capture(), anyLong(), eq(TimeUnit.MILLISECONDS));
    queue.add("a");
    task.getValue().run();
    assertEquals(1, queue.depth());
    assertEquals("a", queue.take());
  }

  @Test
  void keyThatHasToWaitDoesSoWhateverHappens() throws Exception {
    queue.addAfter("a", 1_000);
    queue.add("a");
    queue.take();
    queue.add("a");
    long delay = queue.retry("a", 7_000);
    assertTrue(delay >= 7_000 && delay <= 7_005, "" + delay);
    queue.done("a");
    queue.add("a");
    queue.addChange("a");
    queue.addAfter("a", 10);
    assertEquals(0, queue.depth());
    ArgumentCaptor<Runnable> later = ArgumentCaptor.forClass(Runnable.class);
    verify(timer, times(2)).schedule(later.capture(), anyLong(), eq(TimeUnit.MILLISECONDS));
    later.getAllValues().get(0).run();
    assertEquals(0, queue.depth(), "what was asked for before comes too soon");
    queue.add("b");
    assertEquals("b", queue.take(), "nobody else waits");
    later.getAllValues().get(1).run();
    assertEquals("a", queue.take());
    queue.forget("a");
    queue.done("a");
    queue.add("a");
    assertEquals("a", queue.take(), "it is as any other then");
  }

  @Test
  void keysThatFailedHangInAPartOfTheThreadsAlone() throws Exception {
    for (String key : List.of("a", "b")) {
      queue.retry(key);
      queue.add(key);
    }
    assertEquals("a", queue.take());
    queue.add("c");
    assertEquals("c", queue.take(), "before b, which has failed and has to wait for a");
    assertEquals(1, queue.depth());
    queue.done("a");
    assertEquals("b", queue.take());
    queue.done("b");
    queue.forget("b");
    queue.retry("d");
    queue.add("d");
    assertEquals("d", queue.take());
    queue.add("b");
    assertEquals("b", queue.take(), "it works again");
  }

  @Test
  void whoWaitsForLongestIsNextWhetherItFailedOrNot() throws Exception {
    queue.retry("a");
    queue.add("a");
    now.addAndGet(10);
    queue.add("b");
    now.addAndGet(10);
    queue.retry("c");
    queue.add("c");
    assertEquals("a", queue.take());
    queue.done("a");
    assertEquals("b", queue.take());
    assertEquals("c", queue.take());
  }

  @Test
  void queueThatDoesNotMoveIsNoticed() throws Exception {
    now.addAndGet(1_000);
    assertEquals(0, queue.stalledNanos(), "nothing waits");
    queue.add("a");
    queue.add("b");
    now.addAndGet(100);
    assertEquals(100, queue.stalledNanos());
    queue.take();
    assertEquals(0, queue.stalledNanos());
    now.addAndGet(30);
    assertEquals(30, queue.stalledNanos());
    assertEquals(30, queue.longestWorkNanos());
    queue.take();
    now.addAndGet(5);
    assertEquals(0, queue.stalledNanos());
    assertEquals(35, queue.longestWorkNanos());
    queue.done("a");
    assertEquals(5, queue.longestWorkNanos());
    queue.done("b");
    assertEquals(0, queue.longestWorkNanos());
  }

  @Test
  void closedQueueGivesNothingMore() throws Exception {
    queue.add("a");
    queue.close();
    assertNull(queue.take());
    queue.add("b");
    assertEquals(1, queue.depth(), "only what was there before");
  }

  @Test
  void closedQueueTakesNothingBack() throws Exception {
    queue.add("a");
    queue.take();
    queue.add("a");
    queue.close();
    queue.done("a");
    assertEquals(0, queue.depth());
    assertEquals(0, queue.retry("a"));
    verifyNoInteractions(timer);
  }

  @Test
  void longestWaitIsThatOfTheOldestKeyOfEitherKind() throws Exception {
    assertEquals(0, queue.longestWaitNanos());
    queue.retry("a"); // A failure; it comes again when the timer says so.
    queue.add("a");
    now.addAndGet(5_000);
    queue.add("b");
    now.addAndGet(300);
    assertEquals(5_300, queue.longestWaitNanos());
    assertEquals("a", queue.take());
    assertEquals(300, queue.longestWaitNanos());
    assertEquals("b", queue.take());
    assertEquals(0, queue.longestWaitNanos());
  }

  @Test
  void keyIsFailingUntilItIsForgotten() {
    queue.retry("a");
    queue.retry("a");
    queue.retry("b");
    assertEquals(2, queue.failing());
    queue.forget("a");
    queue.forget("c");
    assertEquals(1, queue.failing());
  }

  @Test
  void closeWakesAllThatWaitForAKey() throws Exception {
    List<Thread> waiting = new ArrayList<>();
    List<String> taken = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 3; i++) {
      Thread thread = new Thread(() -> taken.add(String.valueOf(takenBy(queue))));
      thread.start();
      waiting.add(thread);
    }
    for (Thread thread : waiting) {
      waitFor(() -> thread.getState() == Thread.State.WAITING);
    }
    queue.close();
    for (Thread thread : waiting) {
      thread.join(LONG.toMillis());
      assertFalse(thread.isAlive());
    }
    assertEquals(List.of("null", "null", "null"), taken);
  }

  /** Whatever the order: no key twice at a time, and no change that nobody looks at. */
  @Test
  void manyThreadsLoseNothingAndNeverWorkOnOneKeyTwiceAtATime() throws Exception {
    int keys = 5;
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    WorkQueue shared = new WorkQueue(timers, Duration.ofMillis(10), 2);
    AtomicIntegerArray changes = new AtomicIntegerArray(keys);
    AtomicIntegerArray seen = new AtomicIntegerArray(keys);
    AtomicIntegerArray busy = new AtomicIntegerArray(keys);
    AtomicInteger overlaps = new AtomicInteger();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      for (int worker = 0; worker < 4; worker++) {
        threads.execute(
            () -> {
              for (String key = takenBy(shared); key != null; key = takenBy(shared)) {
                int index = Integer.parseInt(key);
                if (!busy.compareAndSet(index, 0, 1)) {
                  overlaps.incrementAndGet();
                }
                int now = changes.get(index);
                LockSupport.parkNanos(100_000); // The work: long enough for others to meet it.
                if (now % 7 == 3) {
                  shared.retry(key); // Failed: what was read is not seen yet.
                  changes.incrementAndGet(index);
                } else {
                  shared.forget(key);
                  seen.accumulateAndGet(index, now, Math::max);
                }
                busy.set(index, 0);
                shared.done(key);
              }
            });
      }
      List<Future<?>> producers = new ArrayList<>();
      for (int producer = 0; producer < 4; producer++) {
        Random random = new Random(producer);
        producers.add(
            threads.submit(
                () -> {
                  for (int change = 0; change < 50_000; change++) {
                    int index = random.nextInt(keys);
                    changes.incrementAndGet(index);
                    shared.add(Integer.toString(index));
                  }
                }));
      }
      for (Future<?> producer : producers) {
        producer.get(LONG.toSeconds(), TimeUnit.SECONDS);
      }
      for (int index = 0; index < keys; index++) {
        int each = index;
        waitFor(() -> seen.get(each) == changes.get(each));
      }
      assertEquals(0, overlaps.get());
    } finally {
      shared.close();
      timers.shutdownNow();
      threads.shutdown();
      assertTrue(threads.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS));
    }
  }

  private static String takenBy(WorkQueue queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void waitFor(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, () -> "waited for " + LONG);
      Thread.sleep(1);
    }
  }
}
