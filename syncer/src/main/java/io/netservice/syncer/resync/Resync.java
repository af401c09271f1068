package io.netservice.syncer.resync;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.syncer.metrics.SyncerMetrics;
import io.netservice.syncer.watch.Audit;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares, once in a period for each NetService and spread over it, all that the caches hold of it
 * with what the API server really has, and has it read again where that differs. It should never
 * find anything: watches tell every change.
 *
 * <p>Works in a thread of its own, one NetService after the other.
 */
public final class Resync implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Resync.class);

  /** Stands for the list of all NetServices, which is compared as often. */
  private static final String ALL = "";

  /** A watch tells what a list has told within this time, or it does not tell it. */
  static final Duration GRACE = Duration.ofSeconds(10);

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Audit audit;
  private final BooleanSupplier isDue;
  private final long periodNanos;
  private final long graceNanos;
  private final LongSupplier ticker;
  private final Random random;
  private final Thread thread = new Thread(this::run, "resync");

  /** When each is looked at next, and what was seen of those that are looked at again. */
  private final Map<String, Long> due = new HashMap<>();

  private final Map<String, Difference> seen = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Does nothing before {@link #start}.
   *
   * @param period how long it takes to look at all
   * @param isLeading whether it is for this process to look
   */
  public Resync(Audit audit, Duration period, BooleanSupplier isLeading) {
    this(audit, period, isLeading, System::nanoTime, new Random());
  }

  Resync(
      Audit audit, Duration period, BooleanSupplier isLeading, LongSupplier ticker, Random random) {
    this.audit = audit;
    this.isDue = isLeading;
    this.periodNanos = period.toNanos();
    this.graceNanos = Math.min(GRACE.toNanos(), periodNanos / 4);
    this.ticker = ticker;
    this.random = random;
    thread.setDaemon(true);
  }

  /** Begins, and gives the thread that has to run from now on. */
  public Thread start() {
    thread.start();
    return thread;
  }

  private void run() {
    long pause = Math.min(LOOK.toMillis(), TimeUnit.NANOSECONDS.toMillis(graceNanos));
    try {
      while (!closed.await(pause, TimeUnit.MILLISECONDS)) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks at all whose time has come. */
  void step() {
    List<String> keys = audit.keys();
    Set<String> known = new HashSet<>(keys);
    known.add(ALL);
    due.keySet().retainAll(known);
    seen.keySet().retainAll(due.keySet());
    plan(ALL);
    keys.forEach(this::plan);
    for (Map.Entry<String, Long> each : due.entrySet()) {
      if (each.getValue() - ticker.getAsLong() > 0) {
        continue;
      }
      if (!isDue.getAsBoolean() || !audit.isInStep()) {
        seen.remove(each.getKey());
        each.setValue(ticker.getAsLong() + graceNanos);
        continue;
      }
      each.setValue(ticker.getAsLong() + look(each.getKey()));
    }
  }

  /** Somewhere in the period, so that not all are looked at at once. */
  private void plan(String key) {
    due.computeIfAbsent(
        key, any -> ticker.getAsLong() + (long) (random.nextDouble() * periodNanos));
  }

  /** Gives after how many nanoseconds to look again. */
  private long look(String key) {
    String name = key.equals(ALL) ? "the list of NetServices" : key;
    try {
      Difference now = Difference.between(key.equals(ALL) ? audit.netServices() : audit.of(key));
      Difference before = seen.remove(key);
      if (before == null && !now.isEmpty()) {
        seen.put(key, now);
        return graceNanos;
      }
      SyncerMetrics.resynced();
      Set<String> wrong = before == null ? Set.of() : before.lasting(now);
      if (!wrong.isEmpty()) {
        SyncerMetrics.repaired(wrong.size());
        log.warn("{}: the caches were wrong about {}, and are read again", name, wrong);
        audit.repair(key);
      }
    } catch (KubernetesClientException e) {
      seen.remove(key);
      log.warn("{}: can't be compared with the API server: {}", name, e.getMessage());
    }
    return (long) (periodNanos * (0.9 + 0.2 * random.nextDouble()));
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(LOOK.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
