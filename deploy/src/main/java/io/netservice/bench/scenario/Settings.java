package io.netservice.bench.scenario;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param changes how many changes a turn measures where one pod changes at a time
 * @param warmUp how many changes go before, unmeasured, for every subject alike
 * @param pace the least time from the start of a change to that of the next. It keeps
 *     kube-controller-manager's default client limit of 20 requests a second from being what is
 *     measured
 * @param limit after how long a change counts as lost
 * @param bulkLimit the same where thousands of pods change at once
 * @param settle after how many seconds memory counts as settled if it still moves
 */
public record Settings(
    int changes, int warmUp, Duration pace, Duration limit, Duration bulkLimit, int settle) {

  public Settings {
    if (changes < 1 || warmUp < 0 || settle < 1) {
      throw new IllegalArgumentException(
          "changes and settle must be at least 1, warm-up at least 0");
    }
  }

  /** Fewer changes and more time for each, for scenarios in which each is expensive. */
  Settings fewer(int divisor) {
    return new Settings(
        Math.max(1, changes / divisor),
        warmUp / divisor,
        pace.multipliedBy(divisor),
        limit,
        bulkLimit,
        settle);
  }
}
