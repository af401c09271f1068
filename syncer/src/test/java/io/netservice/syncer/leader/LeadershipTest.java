package io.netservice.syncer.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeadershipTest {

  private static final LeaseTiming TIMING =
      new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));

  private final FakeClocks clocks = new FakeClocks();
  private final Leadership leadership = new Leadership(clocks, TIMING);

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void nobodyLeadsWithoutALease() {
    assertFalse(leadership.isLeading());
    assertThrows(NotLeadingException.class, leadership::check);
    assertEquals(0, leadership.nanosLeft());
  }

  @Test
  void writesBeginUntilTheDeadlineAndEndBeforeTheLeaseDoes() {
    leadership.extend(leadership.now());
    clocks.pass(seconds(10).minusNanos(1));
    leadership.check();
    clocks.pass(Duration.ofNanos(1));
    assertThrows(NotLeadingException.class, leadership::check);
    assertEquals(seconds(4).toNanos(), leadership.nanosLeft());
    clocks.pass(seconds(4));
    assertEquals(0, leadership.nanosLeft());
  }

  @Test
  void timeCountsFromWhenARenewalWasSentNotFromItsAnswer() {
    Leadership.Moment sent = leadership.now();
    clocks.pass(seconds(9));
    leadership.extend(sent);
    clocks.pass(seconds(1));
    assertFalse(leadership.isLeading());
  }

  @Test
  void wallClockThatJumpsBackProlongsNothing() {
    leadership.extend(leadership.now());
    clocks.jump(seconds(-3600));
    clocks.pass(seconds(10));
    assertFalse(leadership.isLeading());
    assertEquals(seconds(4).toNanos(), leadership.nanosLeft());
  }

  @Test
  void wallClockThatJumpsForwardCostsTheLeadUntilTheNextRenewal() {
    leadership.extend(leadership.now());
    clocks.jump(seconds(3600));
    assertFalse(leadership.isLeading());
    assertTrue(leadership.extend(leadership.now()), "what was refused is to be done now");
    assertTrue(leadership.isLeading());
  }

  @Test
  void afterAMachineHasSleptNothingIsWritten() {
    leadership.extend(leadership.now());
    clocks.sleep(seconds(15));
    assertThrows(NotLeadingException.class, leadership::check);
    assertTrue(leadership.nanosLeft() <= 0);
  }

  @Test
  void refusalIsNotForgottenWhenTheWallClockJumpsBack() {
    leadership.extend(leadership.now());
    clocks.jump(seconds(3600));
    assertFalse(leadership.isLeading());
    clocks.jump(seconds(-3600));
    assertFalse(leadership.isLeading(), "what was refused must be brought back by a renewal");
    assertTrue(leadership.extend(leadership.now()));
  }

  @Test
  void renewalInTimeIsNoNewBeginning() {
    assertTrue(leadership.extend(leadership.now()));
    clocks.pass(seconds(9));
    assertFalse(leadership.extend(leadership.now()));
    clocks.pass(seconds(10));
    assertTrue(leadership.extend(leadership.now()), "something may have been refused meanwhile");
  }

  @Test
  void leadThatIsAnothersLeavesNoTimeToWritesUnderWay() {
    leadership.extend(leadership.now());
    leadership.end();
    assertFalse(leadership.isLeading());
    assertEquals(0, leadership.nanosLeft());
  }

  @Test
  void withoutElectionItLastsForEver() {
    Leadership always = Leadership.withoutElection();
    always.check();
    assertEquals(Long.MAX_VALUE, always.nanosLeft());
  }
}
