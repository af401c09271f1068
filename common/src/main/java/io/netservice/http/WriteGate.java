package io.netservice.http;

/** Says whether writes may go out. May be asked from any thread. */
public interface WriteGate {

  /** Always open: nobody else writes. */
  WriteGate OPEN =
      new WriteGate() {
        @Override
        public void check() {}

        @Override
        public long nanosLeft() {
          return Long.MAX_VALUE;
        }
      };

  /**
   * Asked when all of a write but its end has been sent.
   *
   * @throws RuntimeException if it must not be completed
   */
  void check();

  /** For how long writes that are under way may still be so, 0 or less if they must end now. */
  long nanosLeft();
}
