package io.netservice.runtime;

/** Times as lines of the log tell them. */
public final class Millis {

  private static final double NANOS_IN_A_TENTH = 1e5;

  private Millis() {}

  /**
   * The milliseconds that have passed, with one digit behind the point.
   *
   * @param began as {@link System#nanoTime} told it
   */
  public static double since(long began) {
    return Math.round((System.nanoTime() - began) / NANOS_IN_A_TENTH) / 10.0;
  }
}
