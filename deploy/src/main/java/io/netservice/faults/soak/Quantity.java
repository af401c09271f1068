package io.netservice.faults.soak;

import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.subject.Running;
import java.util.Locale;

/** What is measured of a process again and again. */
enum Quantity {
  RESIDENT("resident, MB"),
  LIVE_HEAP("live heap, MB"),
  THREADS("threads"),
  DESCRIPTORS("descriptors");

  private final String title;

  Quantity(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** What it is now. */
  double of(Running running) {
    return switch (this) {
      case RESIDENT -> running.residentBytes() / 1e6;
      case LIVE_HEAP ->
          running
                  .liveHeapBytes()
                  .orElseThrow(() -> new BenchException("jcmd gives no histogram of the heap"))
              / 1e6;
      case THREADS -> running.threads();
      case DESCRIPTORS -> running.descriptors();
    };
  }

  /** As a person reads it. */
  String show(double value) {
    boolean whole = this == THREADS || this == DESCRIPTORS;
    return String.format(Locale.ROOT, whole ? "%.0f" : "%.1f", value);
  }
}
