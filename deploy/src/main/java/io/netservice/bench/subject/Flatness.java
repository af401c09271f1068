package io.netservice.bench.subject;

import java.util.ArrayDeque;
import java.util.Deque;

/** Tells when a value that is looked at once a second has stopped to change. */
final class Flatness {

  /** A value within one part of a hundred for so many looks is flat. */
  private static final int LOOKS = 20;

  private final Deque<Long> last = new ArrayDeque<>();

  /** Takes the next value; true once the last {@value #LOOKS} lie within one percent. */
  boolean isFlat(long value) {
    last.addLast(value);
    if (last.size() > LOOKS) {
      last.removeFirst();
    }
    long lowest = last.stream().mapToLong(Long::longValue).min().orElse(value);
    long highest = last.stream().mapToLong(Long::longValue).max().orElse(value);
    return last.size() == LOOKS && highest - lowest <= highest / 100;
  }
}
