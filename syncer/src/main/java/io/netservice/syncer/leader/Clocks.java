package io.netservice.syncer.leader;

import java.util.concurrent.TimeUnit;

/** The clocks of this machine, in nanoseconds from where they please. */
interface Clocks {

  Clocks SYSTEM =
      new Clocks() {
        @Override
        public long monotonic() {
          return System.nanoTime();
        }

        @Override
        public long wall() {
          return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        }
      };

  /** Never jumps and goes on while the process is stopped, but not while the machine sleeps. */
  long monotonic();

  /** Jumps when it is set, and when the machine has slept. */
  long wall();
}
