package io.netservice.syncer.leader;

import java.time.Duration;

/** Clocks that tests move. */
final class FakeClocks implements Clocks {

  private long monotonic = Long.MAX_VALUE - 1_000; // It may run over.
  private long wall = 1_700_000_000_000_000_000L;

  @Override
  public long monotonic() {
    return monotonic;
  }

  @Override
  public long wall() {
    return wall;
  }

  /** Time goes by. */
  void pass(Duration time) {
    monotonic += time.toNanos();
    wall += time.toNanos();
  }

  /** Somebody sets the clock. */
  void jump(Duration by) {
    wall += by.toNanos();
  }

  /** As long as the machine sleeps only the wall clock goes on. */
  void sleep(Duration time) {
    wall += time.toNanos();
  }
}
