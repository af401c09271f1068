package io.netservice.syncer.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Keys to work on, as client-go's rate limiting workqueue: a key is queued once however often it is
 * added, is never worked on twice at a time, and comes again when it was added while it was worked
 * on. A key that failed waits 5 ms * 2^n, with jitter, and no other key waits for it.
 *
 * <p>Keys that failed last time are worked on by a part of the threads only: a failure may take its
 * time, such as a write that hangs, and the others are to go on. There are never more keys in it
 * than were added and not forgotten, so it is bounded by the number of NetServices.
 *
 * <p>All methods may be called from any thread.
 */
public final class WorkQueue {

  private static final long FIRST_DELAY_MILLIS = 5;
  private static final int MAX_DOUBLINGS = 13;

  private final ScheduledExecutorService timer;
  private final long maxDelayMillis;
  private final int maxFailedAtWork;
  private final LongSupplier ticker;

  /** Those that did not fail last time, and those that did, each in the order they came. */
  private final Queue<Waiting> ready = new ArrayDeque<>();

  private final Queue<Waiting> failed = new ArrayDeque<>();
  private final Set<String> dirty = new HashSet<>();
  private final Map<String, Integer> changes = new HashMap<>();
  private final Map<String, Work> working = new HashMap<>();
  private final Map<String, Long> delayed = new HashMap<>();

  /** Those of {@link #delayed} that must not come sooner, whatever happens. */
  private final Set<String> held = new HashSet<>();

  private final Map<String, Integer> failures = new HashMap<>();
  private int failedAtWork;
  private long lastTaken;
  private boolean closed;

  private record Waiting(String key, long since) {}

  private record Work(long since, boolean hasFailed) {}

  /**
   * An empty queue.
   *
   * @param timer lets keys that failed come again; owned by the caller
   * @param maxDelay the longest that a failed key waits by itself
   * @param maxFailedAtWork how many keys that failed are worked on at a time, at least 1
   */
  public WorkQueue(ScheduledExecutorService timer, Duration maxDelay, int maxFailedAtWork) {
    this(timer, maxDelay, maxFailedAtWork, System::nanoTime);
  }

  WorkQueue(
      ScheduledExecutorService timer, Duration maxDelay, int maxFailedAtWork, LongSupplier ticker) {
    this.timer = timer;
    this.maxDelayMillis = maxDelay.toMillis();
    this.maxFailedAtWork = maxFailedAtWork;
    this.ticker = ticker;
    this.lastTaken = ticker.getAsLong();
  }

  /** Queues {@code key} as {@link #add} does, and counts the change towards a burst. */
  public synchronized void addChange(String key) {
    changes.merge(key, 1, Integer::sum);
    add(key);
  }

  /** Queues {@code key}, unless it is queued already or has to wait. */
  public synchronized void add(String key) {
    if (closed || held.contains(key) || !dirty.add(key) || working.containsKey(key)) {
      return;
    }
    enqueue(key);
  }

  private void enqueue(String key) {
    (failures.containsKey(key) ? failed : ready).add(new Waiting(key, ticker.getAsLong()));
    notify();
  }

  /**
   * Waits for a key and takes it; {@link #done} must follow.
   *
   * @return null once the queue is closed
   */
  public synchronized String take() throws InterruptedException {
    Optional<Waiting> next = next();
    while (next.isEmpty() && !closed) {
      wait();
      next = next();
    }
    if (closed) {
      return null;
    }
    boolean hasFailed = next.get().equals(failed.peek());
    (hasFailed ? failed : ready).remove();
    failedAtWork += hasFailed ? 1 : 0;
    lastTaken = ticker.getAsLong();
    String key = next.get().key;
    dirty.remove(key);
    changes.remove(key);
    working.put(key, new Work(lastTaken, hasFailed));
    return key;
  }

  /** The one that waits for longest, of those whose turn it may be. */
  private Optional<Waiting> next() {
    Waiting one = ready.peek();
    Waiting other = failedAtWork < maxFailedAtWork ? failed.peek() : null;
    if (one == null || other == null) {
      return Optional.ofNullable(one == null ? other : one);
    }
    return Optional.of(one.since - other.since <= 0 ? one : other);
  }

  private void end(String key) {
    Work work = working.remove(key);
    if (work != null && work.hasFailed) {
      failedAtWork--;
      notify(); // Another may be worked on in its place.
    }
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
    if (held.contains(key)) {
      dirty.remove(key); // It comes when it may.
    }
    if (!dirty.contains(key) || closed) {
      end(key);
    } else if (isBurst) {
      // Until then it counts as worked on: what is added makes it no sooner.
      var unused = timer.schedule(() -> done(key), restMillis, TimeUnit.MILLISECONDS);
    } else {
      end(key);
      enqueue(key);
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
    return retry(key, 0);
  }

  /**
   * As {@link #retry(String)}, but not before {@code atLeastMillis}, even if the key is added
   * meanwhile: the API server has asked for it.
   */
  public synchronized long retry(String key, long atLeastMillis) {
    int count = failures.merge(key, 1, Integer::sum);
    if (closed) {
      return 0;
    }
    long delay = Math.min(maxDelayMillis, FIRST_DELAY_MILLIS << Math.min(count - 1, MAX_DOUBLINGS));
    long jittered = delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1);
    if (atLeastMillis == 0) {
      addAfter(key, jittered);
      return jittered;
    }
    // Those who were told the same shall not all come at once.
    held.add(key);
    addAt(key, atLeastMillis + jittered);
    return atLeastMillis + jittered;
  }

  /**
   * Queues {@code key} after {@code millis}, or sooner if that had been asked for: of several times
   * the earliest counts alone, as in client-go's delaying queue.
   */
  public synchronized void addAfter(String key, long millis) {
    long due = ticker.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
    Long known = delayed.get(key);
    if (closed || held.contains(key) || (known != null && known - due <= 0)) {
      return;
    }
    addAt(key, millis);
  }

  private void addAt(String key, long millis) {
    long due = ticker.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
    delayed.put(key, due);
    var unused = timer.schedule(() -> dueNow(key, due), millis, TimeUnit.MILLISECONDS);
  }

  private synchronized void dueNow(String key, long due) {
    if (delayed.remove(key, due)) {
      held.remove(key);
      add(key);
    }
  }

  /** How many keys wait. */
  public synchronized int depth() {
    return ready.size() + failed.size();
  }

  /** For how many nanoseconds the key has waited that has done so for longest, 0 if none waits. */
  public synchronized long longestWaitNanos() {
    long now = ticker.getAsLong();
    return Stream.of(ready, failed)
        .filter(keys -> !keys.isEmpty())
        .mapToLong(keys -> now - keys.element().since)
        .max()
        .orElse(0);
  }

  /** How many keys have failed since they were last forgotten. */
  public synchronized int failing() {
    return failures.size();
  }

  /** For how many nanoseconds some key has waited without any being taken, 0 if none waits. */
  public synchronized long stalledNanos() {
    return Math.min(longestWaitNanos(), ticker.getAsLong() - lastTaken);
  }

  /** For how many nanoseconds the key has been worked on that has been so for longest. */
  public synchronized long longestWorkNanos() {
    long now = ticker.getAsLong();
    return working.values().stream().mapToLong(work -> now - work.since).max().orElse(0);
  }

  /** Wakes all that {@link #take} and gives out nothing more. */
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
