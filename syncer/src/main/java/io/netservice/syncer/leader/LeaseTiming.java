package io.netservice.syncer.leader;

import java.time.Duration;

/**
 * The times of an election, with the meaning that they have in client-go.
 *
 * @param leaseDuration how long others leave a lease alone that is not renewed; whole seconds,
 *     because that is how a Lease tells it
 * @param renewDeadline how long after the last good renewal a leader may begin a write
 * @param retryPeriod how often a lease is renewed by its holder and looked at by others
 */
public record LeaseTiming(Duration leaseDuration, Duration renewDeadline, Duration retryPeriod) {

  private static final Duration SHORTEST_PERIOD = Duration.ofMillis(100);
  private static final Duration LONGEST_LEASE = Duration.ofHours(1);

  /** So much later than asked for a replica looks at a lease, at most: they shall not meet. */
  static final double JITTER = 1.2;

  /** A deadline has room for so many tries of a request that gets no answer. */
  private static final int TRIES = 3;

  /** The last part of the time between deadline and end of the lease is for clocks that differ. */
  private static final int MARGIN = 5;

  /**
   * Checks them against each other.
   *
   * @throws IllegalArgumentException that names the options, if a leader could not keep its lease
   */
  public LeaseTiming {
    if (leaseDuration.toMillis() % 1000 != 0
        || leaseDuration.isZero()
        || leaseDuration.isNegative()
        || leaseDuration.compareTo(LONGEST_LEASE) > 0) {
      throw new IllegalArgumentException(
          "--lease-duration "
              + text(leaseDuration)
              + ": must be whole seconds, from 1s to "
              + text(LONGEST_LEASE));
    }
    if (renewDeadline.compareTo(leaseDuration) >= 0) {
      throw new IllegalArgumentException(
          "--renew-deadline "
              + text(renewDeadline)
              + ": must be less than --lease-duration "
              + text(leaseDuration));
    }
    if (retryPeriod.compareTo(SHORTEST_PERIOD) < 0) {
      throw new IllegalArgumentException(
          "--retry-period " + text(retryPeriod) + ": must be at least " + text(SHORTEST_PERIOD));
    }
    if (retryPeriod.toNanos() * JITTER >= renewDeadline.toNanos()) {
      throw new IllegalArgumentException(
          "--retry-period "
              + text(retryPeriod)
              + ": must be less than --renew-deadline "
              + text(renewDeadline)
              + " by a sixth or more");
    }
  }

  /** How long one request for the Lease may take. */
  public Duration requestTimeout() {
    return renewDeadline.dividedBy(TRIES);
  }

  /** How long after the last good renewal was sent a write may still be under way. */
  Duration writesEnd() {
    return leaseDuration.minus(leaseDuration.minus(renewDeadline).dividedBy(MARGIN));
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
