package io.netservice.deploy;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions, never for time. */
final class Await {

  private static final Duration BOUND = Duration.ofSeconds(60);

  private Await() {}

  /** Waits until {@code condition} holds, or fails and says {@code what} did not come. */
  static void until(String what, BooleanSupplier condition) {
    equal(what, true, condition::getAsBoolean);
  }

  /** Waits until {@code actual} gives {@code expected}, or fails and says what it gave last. */
  static <T> void equal(String what, T expected, Supplier<T> actual) {
    long end = System.nanoTime() + BOUND.toNanos();
    T last = actual.get();
    while (!expected.equals(last)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            what + ": expected " + expected + " within " + BOUND.toSeconds() + " s, is " + last);
      }
      aMoment();
      last = actual.get();
    }
  }

  /** The time between two looks at a condition. */
  static void aMoment() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", e);
    }
  }
}
