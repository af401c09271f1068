package io.netservice.syncer.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Keys to work on, as client-go's rate limiting workqueue: a key is queued once however often it is
 * added, is never worked on twice at a time, and comes again when it was added while it was worked
 * on. A key that failed waits 5 ms * 2^n, with jitter, and no other key waits for it.
 *
 * <p>All methods may be called from any thread.
 */
public final class WorkQueue {

  private static final long FIRST_DELAY_MILLIS = 5;
  private static final int MAX_DOUBLINGS = 13;

  private final ScheduledExecutorService timer;
  private final long maxDelayMillis;

  private final Queue<String> ready = new ArrayDeque<>();
  private final Set<String> dirty = new HashSet<>();
  private final Map<String, Integer> changes = new HashMap<>();
  private final Set<String> working = new HashSet<>();
  private final Map<String, Long> delayed = new HashMap<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private boolean closed;

  /**
   * An empty queue.
   *
   * @param timer lets keys that failed come again; owned by the caller
   * @param maxDelay the longest that a failed key waits
   */
  public WorkQueue(ScheduledExecutorService timer, Duration maxDelay) {
    this.timer = timer;
    this.maxDelayMillis = maxDelay.toMillis();
  }

  /** Queues {@code key} as {@link #add} does, and counts the change towards a burst. */
  public synchronized void addChange(String key) {
    changes.merge(key, 1, Integer::sum);
    add(key);
  }

  /** Queues {@code key}, unless it is queued already. */
  public synchronized void add(String key) {
    if (closed || !dirty.add(key) || working.contains(key)) {
      return;
    }
    ready.add(key);
    notify();
  }

  /**
   * Waits for a key and takes it; {@link #done} must follow.
   *
   * @return null once the queue is closed
   */
  public synchronized String take() throws InterruptedException {
    while (ready.isEmpty()) {
      if (closed) {
        return null;
      }
      wait();
    }
    if (closed) {
      return null;
    }
    String key = ready.remove();
    dirty.remove(key);
    changes.remove(key);
    working.add(key);
    return key;
  }

  /** Ends the work on {@code key}; it is queued again if it was added meanwhile. */
  public void done(String key) {
    done(key, 0);
  }

  /**
   * Ends the work on {@code key}; it is queued again if it was added meanwhile. After a burst, that
   * is several changes during the work, it rests first, so that the next work takes more of them.
   */
  public synchronized void done(String key, long restMillis) {
    boolean isBurst = restMillis > 0 && changes.getOrDefault(key, 0) > 1;
    if (!dirty.contains(key) || closed) {
      working.remove(key);
    } else if (isBurst) {
      // Until then it counts as worked on: what is added makes it no sooner.
      var unused = timer.schedule(() -> done(key), restMillis, TimeUnit.MILLISECONDS);
    } else {
      working.remove(key);
      ready.add(key);
      notify();
    }
  }

  /** Forgets the failures of {@code key}. */
  public synchronized void forget(String key) {
    failures.remove(key);
  }

  /**
   * Queues {@code key} after a delay that doubles with each failure since {@link #forget}.
   *
   * @return the delay in milliseconds
   */
  public long retry(String key) {
    int count;
    synchronized (this) {
      count = failures.merge(key, 1, Integer::sum);
      if (closed) {
        return 0;
      }
    }
    long delay = Math.min(maxDelayMillis, FIRST_DELAY_MILLIS << Math.min(count - 1, MAX_DOUBLINGS));
    long jittered = delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1);
    addAfter(key, jittered);
    return jittered;
  }

  /**
   * Queues {@code key} after {@code millis}, or sooner if that had been asked for: of several times
   * the earliest counts alone, as in client-go's delaying queue.
   */
  public synchronized void addAfter(String key, long millis) {
    long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    Long known = delayed.get(key);
    if (closed || (known != null && known - due <= 0)) {
      return;
    }
    delayed.put(key, due);
    var unused = timer.schedule(() -> dueNow(key, due), millis, TimeUnit.MILLISECONDS);
  }

  private synchronized void dueNow(String key, long due) {
    if (delayed.remove(key, due)) {
      add(key);
    }
  }

  /** How many keys wait. */
  public synchronized int depth() {
    return ready.size();
  }

  /** Wakes all that {@link #take} and gives out nothing more. */
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
