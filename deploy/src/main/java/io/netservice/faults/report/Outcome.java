package io.netservice.faults.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What came of one run of a fault.
 *
 * @param seconds from the end of the fault until all was right; empty if it did not become so
 * @param stale addresses seen that should not be any more, once all had been right
 * @param wrong addresses seen at any time that no pod there ever had
 * @param duplicates addresses that were published twice in the end
 * @param overlaps writes by a syncer while another was the writer
 * @param withdrawn addresses that vanished meanwhile although a pod had them all the time
 * @param failed requests that failed for a client for want of a webhook
 * @param hits how often the fault was seen to hit
 * @param notes what was found, in words
 */
public record Outcome(
    OptionalDouble seconds,
    int stale,
    int wrong,
    int duplicates,
    int overlaps,
    int withdrawn,
    int failed,
    int hits,
    List<String> notes) {

  public Outcome {
    notes = List.copyOf(notes);
  }

  /** A run that could not be done to its end. */
  public static Outcome failed(String why) {
    return new Outcome(OptionalDouble.empty(), 0, 0, 0, 0, 0, 0, 0, List.of("not done: " + why));
  }

  /** Whether nothing was seen that must not be, and all was right within {@code limit} seconds. */
  public boolean isGood(double limit) {
    return seconds.isPresent()
        && seconds.getAsDouble() <= limit
        && stale + wrong + duplicates + overlaps + withdrawn + failed == 0;
  }
}
