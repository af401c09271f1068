package io.netservice.syncer;

import io.netservice.syncer.queue.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Whether only a restart would help: a thread has ended or does not come back from something. An
 * API server that is away or slow is no reason; every request ends by itself, long before a bound
 * of this class.
 *
 * <p>May be asked from any thread.
 */
final class Liveness {

  /** How often {@link #beat} is called by what is watched. */
  static final Duration BEAT = Duration.ofSeconds(1);

  /** Nothing that the timer does takes longer than a moment. */
  static final Duration LONGEST_BEAT = Duration.ofMinutes(1);

  /** Sixteen writes that take all their time, one after the other: then the queue has moved. */
  static final Duration LONGEST_STALL = Duration.ofMinutes(5);

  /** A hundred slices, each written at the last moment. */
  static final Duration LONGEST_WORK = Duration.ofMinutes(30);

  private final WorkQueue queue;
  private final LongSupplier ticker;
  private final List<Thread> threads = new ArrayList<>();
  private volatile long lastBeat;

  /**
   * Watches {@code queue}.
   *
   * @param ticker monotonic nanoseconds
   */
  Liveness(WorkQueue queue, LongSupplier ticker) {
    this.queue = queue;
    this.ticker = ticker;
    this.lastBeat = ticker.getAsLong();
  }

  /** To be called each {@link #BEAT} by the timer. */
  void beat() {
    lastBeat = ticker.getAsLong();
  }

  /** From now on {@code thread} has to run. */
  synchronized void mustRun(Thread thread) {
    threads.add(thread);
  }

  /** Why a restart is needed, empty if it is not. */
  synchronized Optional<String> dead() {
    for (Thread thread : threads) {
      if (!thread.isAlive()) {
        return Optional.of("thread " + thread.getName() + " has ended");
      }
    }
    if (ticker.getAsLong() - lastBeat > LONGEST_BEAT.toNanos()) {
      return Optional.of("the timer does not run");
    } else if (queue.stalledNanos() > LONGEST_STALL.toNanos()) {
      return Optional.of("the queue does not move");
    } else if (queue.longestWorkNanos() > LONGEST_WORK.toNanos()) {
      return Optional.of("a NetService is worked on without an end");
    }
    return Optional.empty();
  }
}
