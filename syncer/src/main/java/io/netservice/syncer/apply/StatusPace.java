package io.netservice.syncer.apply;

import io.netservice.api.Condition;
import io.netservice.api.NetServiceStatus;
import io.netservice.api.Reason;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When a status is written: at once if a condition says something else, otherwise at most once a
 * second. While pods change quickly the counts in it are read by people alone, and writing each of
 * them would take the time of the API server. That a network is missing waits a second first: who
 * applies it together with the NetService is watched by another watch, which may be the later.
 *
 * <p>May be used from any thread, for one key by one thread at a time.
 */
final class StatusPace {

  static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier ticker;
  private final Map<String, Long> writtenAt = new ConcurrentHashMap<>();

  /**
   * Nothing written yet.
   *
   * @param ticker monotonic nanoseconds
   */
  StatusPace(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /**
   * How many milliseconds {@code wanted} may wait, 0 if it is to be written now.
   *
   * @param present the status as it is, null for none
   */
  long mayWait(String key, NetServiceStatus present, NetServiceStatus wanted) {
    if (isMissingNetwork(wanted) && (present == null || !isMissingNetwork(present))) {
      return TimeUnit.NANOSECONDS.toMillis(INTERVAL_NANOS);
    }
    Long last = writtenAt.get(key);
    if (last == null || present == null || !says(present).equals(says(wanted))) {
      return 0;
    }
    long left = INTERVAL_NANOS - (ticker.getAsLong() - last);
    return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
  }

  /** The status of {@code key} has been written. */
  void written(String key) {
    writtenAt.put(key, ticker.getAsLong());
  }

  /** The NetService {@code key} is gone. */
  void forget(String key) {
    writtenAt.remove(key);
  }

  private static boolean isMissingNetwork(NetServiceStatus status) {
    return status.conditions().stream()
        .anyMatch(each -> each.reason().equals(Reason.NETWORK_NOT_FOUND.value()));
  }

  private static List<String> says(NetServiceStatus status) {
    return status.conditions().stream().map(StatusPace::says).toList();
  }

  private static String says(Condition condition) {
    return condition.type()
        + "="
        + condition.status()
        + "/"
        + condition.reason()
        + "@"
        + condition.observedGeneration();
  }
}
