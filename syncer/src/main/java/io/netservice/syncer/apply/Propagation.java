package io.netservice.syncer.apply;

import io.netservice.syncer.metrics.SyncerMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Measures how long a change of a pod takes to be written: from the first that a plan is to take in
 * until all of the plan is carried out, with its retries and with what the API server takes.
 *
 * <p>A change that comes while a plan is made counts for the next one, even if this one has taken
 * it in; it is not measured then, as there is nothing left to write. May be used from any thread,
 * for one key by one thread at a time but for {@link #changed}.
 */
public final class Propagation {

  private final LongSupplier ticker;
  private final LongConsumer written;

  /** In nanoseconds: since when there is something to plan, or something planned to carry out. */
  private final Map<String, Long> changed = new ConcurrentHashMap<>();

  private final Map<String, Long> planned = new ConcurrentHashMap<>();

  /** Nothing has changed yet. */
  public Propagation() {
    this(System::nanoTime, SyncerMetrics::propagated);
  }

  /**
   * Nothing has changed yet.
   *
   * @param ticker monotonic nanoseconds
   * @param written is told how many nanoseconds it took
   */
  Propagation(LongSupplier ticker, LongConsumer written) {
    this.ticker = ticker;
    this.written = written;
  }

  /** A pod of the NetService {@code key} changed. */
  public void changed(String key) {
    changed.computeIfAbsent(key, any -> ticker.getAsLong());
  }

  /** What is known of the pods of {@code key} from now on goes into a plan. */
  void planning(String key) {
    Long since = changed.remove(key);
    if (since != null) {
      // What an attempt that failed was to write is still to be written, and is older.
      planned.putIfAbsent(key, since);
    }
  }

  /**
   * What was planned for {@code key} is carried out.
   *
   * @param hasWritten whether there was anything to write
   */
  void carriedOut(String key, boolean hasWritten) {
    Long since = planned.remove(key);
    if (since != null && hasWritten) {
      written.accept(ticker.getAsLong() - since);
    }
  }

  /** The NetService {@code key} is gone, or is for somebody else to write. */
  void forget(String key) {
    changed.remove(key);
    planned.remove(key);
  }
}
