package io.netservice.syncer.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaseTimingTest {

  private static LeaseTiming timing(int lease, int deadline, int period) {
    return new LeaseTiming(
        Duration.ofMillis(lease), Duration.ofMillis(deadline), Duration.ofMillis(period));
  }

  @ParameterizedTest(name = "{0} ms, {1} ms, {2} ms")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          15500   | 10000 | 2000  | --lease-duration 15500ms: must be whole seconds, from 1s to 3600s
          0       | 10000 | 2000  | --lease-duration 0s: must be whole seconds, from 1s to 3600s
          3601000 | 10000 | 2000  | --lease-duration 3601s: must be whole seconds, from 1s to 3600s
          15000   | 15000 | 2000  | --renew-deadline 15s: must be less than --lease-duration 15s
          15000   | 10000 | 99    | --retry-period 99ms: must be at least 100ms
          15000   | 10000 | 8400  | --retry-period 8400ms: must be less than --renew-deadline 10s by a sixth or more
          """)
  void timesThatCanNotKeepALeaseAreRefusedByOption(
      int lease, int deadline, int period, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> timing(lease, deadline, period))
            .getMessage());
  }

  @Test
  void writesEndBetweenTheDeadlineAndTheEndOfTheLease() {
    for (int deadline = 1_000; deadline < 15_000; deadline += 500) {
      LeaseTiming timing = timing(15_000, deadline, 500);
      assertTrue(timing.writesEnd().compareTo(timing.renewDeadline()) > 0);
      assertTrue(timing.writesEnd().compareTo(timing.leaseDuration()) < 0);
    }
  }
}
