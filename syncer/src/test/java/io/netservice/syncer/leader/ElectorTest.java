package io.netservice.syncer.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas with clocks of their own at one Lease. */
class ElectorTest {

  private static final LeaseTiming TIMING =
      new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));

  private final FakeLease lease = new FakeLease();
  private final Replica a = new Replica("a");
  private final Replica b = new Replica("b");

  /** One process. */
  private final class Replica {
    final FakeClocks clocks = new FakeClocks();
    final FakeLease.View network = lease.view();
    final List<String> told = new ArrayList<>();
    boolean mayLead = true;
    final Elector elector;

    /** Until its next step, on its monotonic clock. */
    long wait;

    Replica(String name) {
      elector =
          new Elector(
              name,
              TIMING,
              network,
              () -> mayLead,
              leads -> told.add(leads ? "led" : "lost"),
              clocks);
    }

    void step() {
      wait = elector.step();
    }

    boolean leads() {
      return elector.leadership().isLeading();
    }
  }

  private void pass(Duration time) {
    a.clocks.pass(time);
    b.clocks.pass(time);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void firstTakesALeaseThatIsNotThereAndTheOtherStandsBy() {
    a.step();
    b.step();
    assertTrue(a.leads());
    assertFalse(b.leads());
    assertEquals(List.of("led"), a.told);
    assertEquals(List.of(), b.told);
    assertEquals("a", lease.get().holder());
    assertEquals(15, lease.get().durationSeconds());
    assertEquals(0, lease.get().transitions());
    assertEquals(lease.get().acquireTime(), lease.get().renewTime());
    assertTrue(
        lease.get().renewTime().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z"));
  }

  @Test
  void holderRenewsWithinThePeriodAndIsToldOnce() {
    a.step();
    String acquired = lease.get().acquireTime();
    for (int i = 0; i < 20; i++) {
      assertEquals(seconds(2).toNanos(), a.wait);
      a.clocks.pass(Duration.ofNanos(a.wait));
      a.step();
      assertTrue(a.leads());
    }
    assertEquals(21, lease.changes());
    assertEquals(List.of("led"), a.told);
    assertEquals(acquired, lease.get().acquireTime());
    assertNotEquals(acquired, lease.get().renewTime());
    assertEquals(0, lease.get().transitions());
  }

  @Test
  void deadHolderIsFollowedWhenTheLeaseIsOverAndNotSooner() {
    a.step();
    b.step();
    long gone = b.wait;
    pass(Duration.ofNanos(b.wait));
    while (gone < seconds(15).toNanos()) {
      b.step();
      assertFalse(b.leads());
      gone += b.wait;
      pass(Duration.ofNanos(b.wait));
    }
    assertEquals(seconds(15).toNanos(), gone);
    b.step();
    assertTrue(b.leads());
    assertFalse(a.leads());
    assertEquals("b", lease.get().holder());
    assertEquals(1, lease.get().transitions());
  }

  /** What client-go's users fear and fabric8's elector does: to compare times of two machines. */
  @ParameterizedTest
  @ValueSource(longs = {-86_400, -60, 60, 86_400})
  void clockOfAnotherMachineMakesNoDifference(long ahead) {
    b.clocks.jump(seconds(ahead));
    a.step();
    for (int i = 0; i < 50; i++) {
      b.step();
      assertTrue(a.leads());
      assertFalse(b.leads());
      pass(seconds(1));
      if (i % 2 == 0) {
        a.step();
      }
    }
  }

  @Test
  void standbyWhoseWallClockJumpsTakesNothing() {
    a.step();
    b.step();
    pass(seconds(2));
    b.clocks.jump(seconds(86_400));
    b.step();
    assertFalse(b.leads());
    assertTrue(a.leads());
  }

  @Test
  void leaseGivenBackIsTakenAtOnce() {
    a.step();
    b.step();
    a.elector.giveBack();
    assertFalse(a.leads());
    assertEquals("", lease.get().holder());
    assertEquals(1, lease.get().durationSeconds());
    b.step();
    assertTrue(b.leads());
    assertEquals(1, lease.get().transitions());
  }

  @Test
  void whatIsAnothersIsNotGivenBack() {
    a.step();
    b.step();
    pass(seconds(16));
    b.step();
    a.elector.giveBack();
    assertEquals("b", lease.get().holder());
    assertTrue(b.leads());
  }

  @Test
  void withoutGivingItBackTheLeaseEndsByItself() {
    a.step();
    a.elector.close();
    assertFalse(a.leads());
    assertEquals("a", lease.get().holder());
  }

  @Test
  void holderThatCanNotRenewStopsBeforeAnotherBegins() {
    a.step();
    b.step();
    a.network.cut = true;
    for (int i = 0; i < 9_999; i += 500) {
      a.step();
      assertTrue(a.leads());
      assertEquals(TimeUnit.MILLISECONDS.toNanos(500), a.wait);
      pass(Duration.ofMillis(500));
    }
    assertFalse(a.leads());
    a.step();
    b.step();
    assertFalse(b.leads(), "there is time for what the holder has under way");
  }

  @Test
  void formerHolderTakesTheLeaseAgainIfNobodyElseHas() {
    a.step();
    a.network.cut = true;
    a.clocks.pass(seconds(600));
    a.step();
    assertFalse(a.leads());
    a.network.cut = false;
    a.step();
    assertTrue(a.leads());
    assertEquals(List.of("led", "lost", "led"), a.told, "what it refused is looked at again");
    assertEquals(0, lease.get().transitions());
  }

  @Test
  void formerHolderThatWakesFindsTheOtherAndWritesNothing() {
    a.step();
    b.step();
    pass(seconds(30));
    b.step();
    assertFalse(a.leads(), "before it has asked anybody");
    a.step();
    assertFalse(a.leads());
    assertEquals("b", lease.get().holder());
    assertEquals(List.of("led", "lost"), a.told);
  }

  @Test
  void lostAnswerToARenewalCountsForNothingAndIsMadeUpFor() {
    a.step();
    pass(seconds(8));
    a.network.loseAnswers = true;
    a.step();
    pass(seconds(2));
    assertFalse(a.leads(), "it does not know that it was renewed");
    a.network.loseAnswers = false;
    for (int i = 0; i < 3 && !a.leads(); i++) {
      a.step();
    }
    assertTrue(a.leads());
  }

  @Test
  void slowRenewalCountsFromWhenItWasSent() {
    a.step();
    pass(seconds(2));
    a.network.underWay = () -> pass(seconds(7));
    a.step();
    assertTrue(a.leads());
    assertEquals(0, a.wait, "the next one is due");
    pass(seconds(3));
    assertFalse(a.leads());
  }

  @Test
  void ofTwoWhoSeeTheSameDeadHolderOneGetsTheLease() {
    lease.set(new LeaseRecord("dead", 15, "", "", 4, ""));
    a.step();
    b.step();
    pass(seconds(15));
    a.network.underWay = b::step; // Between what it sees and what it writes.
    a.step();
    a.step();
    assertTrue(a.leads() ^ b.leads());
    assertEquals(5, lease.get().transitions());
  }

  @Test
  void durationIsTheHolders() {
    lease.set(new LeaseRecord("dead", 60, "", "", 0, ""));
    a.step();
    pass(seconds(59));
    a.step();
    assertFalse(a.leads());
    pass(seconds(1));
    a.step();
    assertTrue(a.leads());
  }

  @Test
  void deletedLeaseIsWaitedForAsIfItWereThere() {
    a.step();
    b.step();
    pass(seconds(1));
    lease.delete();
    b.step();
    assertFalse(b.leads(), "its holder need not know yet");
    assertNull(lease.get());
    pass(seconds(1));
    a.step();
    a.step();
    assertEquals("a", lease.get().holder());
    assertTrue(a.leads());
    b.step();
    assertFalse(b.leads());
  }

  @Test
  void deletedLeaseOfADeadHolderIsMadeAnew() {
    lease.set(new LeaseRecord("dead", 15, "", "", 0, ""));
    b.step();
    lease.delete();
    pass(seconds(15));
    b.step();
    b.step();
    assertTrue(b.leads());
  }

  @Test
  void leaseThatSomebodyElseWritesIsLost() {
    a.step();
    pass(seconds(1));
    lease.set(new LeaseRecord("thief", 15, "", "", 1, ""));
    a.step();
    assertFalse(a.leads());
    assertEquals(0, a.elector.leadership().nanosLeft());
  }

  @Test
  void renewalWithinTheSameMicrosecondIsAChange() {
    a.step();
    String before = lease.get().resourceVersion();
    a.clocks.jump(Duration.ofNanos(-a.wait));
    a.clocks.pass(Duration.ofNanos(a.wait));
    a.step();
    assertNotEquals(before, lease.get().resourceVersion());
  }

  @Test
  void whoseCachesAreNotInStepDoesNotLead() {
    a.mayLead = false;
    a.step();
    assertFalse(a.leads());
    assertNull(lease.get());
    assertTrue(a.elector.inContact());
    a.mayLead = true;
    a.step();
    assertTrue(a.leads());
    a.mayLead = false;
    pass(seconds(2));
    a.step();
    assertTrue(a.leads(), "a leader goes on");
  }

  @Test
  void contactIsLostWhenTheLeaseCanNotBeReached() {
    assertFalse(a.elector.inContact());
    a.network.cut = true;
    a.step();
    assertFalse(a.elector.inContact());
    a.network.cut = false;
    a.step();
    assertTrue(a.elector.inContact());
    a.network.cut = true;
    pass(seconds(10));
    a.step();
    assertFalse(a.elector.inContact());
  }

  /**
   * Whatever fails, for however long, whatever wall clocks do: never do two write. A write takes up
   * to the time that its gate leaves it, so it is asked of each replica's whole stretch.
   */
  @Test
  void neverTwoWriters() {
    for (long seed = 0; seed < 300; seed++) {
      new World(seed).run();
    }
  }

  private static final class World {
    private final long seed;
    private final Random random;
    private final FakeLease lease = new FakeLease();
    private final List<Party> parties = new ArrayList<>();
    private int leads;

    private final class Party {
      final FakeClocks clocks = new FakeClocks();
      final FakeLease.View network = lease.view();
      final Elector elector;
      long due;
      long stoppedUntil;

      Party(String name) {
        elector =
            new Elector(
                name, TIMING, network, () -> true, leading -> leads += leading ? 1 : 0, clocks);
        clocks.jump(Duration.ofSeconds(random.nextInt(200_000) - 100_000));
      }

      /** Whether a write of its may reach the API server now. */
      boolean mayWrite() {
        return elector.leadership().isLeading() || elector.leadership().nanosLeft() > 0;
      }
    }

    World(long seed) {
      this.seed = seed;
      random = new Random(seed);
      for (String name : List.of("a", "b", "c")) {
        parties.add(new Party(name));
      }
    }

    void run() {
      for (long now = 0; now < 400_000; now += 100) {
        for (Party each : parties) {
          each.clocks.pass(Duration.ofMillis(100));
          chance(each, now);
          if (now >= each.due && now >= each.stoppedUntil) {
            each.network.underWay = this::slow;
            each.due = now + TimeUnit.NANOSECONDS.toMillis(each.elector.step());
          }
        }
        // A process that is stopped is asked, too: it may wake at any moment.
        if (parties.stream().filter(Party::mayWrite).count() > 1) {
          throw new AssertionError("seed " + seed + ": two may write after " + now + " ms");
        }
      }
      assertTrue(leads > 0, () -> "seed " + seed + ": nobody ever led");
    }

    /** Some time passes while a request is on its way. */
    private void slow() {
      if (random.nextInt(10) == 0) {
        Duration late = Duration.ofMillis(random.nextInt(4_000));
        parties.forEach(each -> each.clocks.pass(late));
      }
    }

    private void chance(Party each, long now) {
      switch (random.nextInt(400)) {
        case 0 -> each.network.cut = true;
        case 1, 2, 3 -> each.network.cut = false;
        case 4 -> each.network.loseAnswers = true;
        case 5, 6, 7 -> each.network.loseAnswers = false;
        case 8 -> each.stoppedUntil = now + random.nextInt(40_000);
        case 9 -> each.clocks.jump(Duration.ofSeconds(random.nextInt(200) - 100));
        default -> {
          // Nothing happens.
        }
      }
    }
  }
}
