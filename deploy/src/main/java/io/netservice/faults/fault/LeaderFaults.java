package io.netservice.faults.fault;

import io.netservice.faults.world.Layout;
import io.netservice.faults.world.Syncer;
import io.netservice.faults.world.World;
import java.time.Duration;
import java.util.List;

/** Two syncers, and something happens to the one that leads, or to the one that waits. */
final class LeaderFaults {

  /** The default of {@code --lease-duration}. */
  private static final Duration LEASE = Duration.ofSeconds(15);

  private LeaderFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault(
                "leader-killed",
                "leader killed with SIGKILL, a standby there",
                Layout.PAIR,
                (world, random) -> {
                  // Nothing puts this right but the standby.
                  world.leader().running().kill();
                  return 1;
                })
            .after(LEASE)
            .restoredBy(LeaderFaults::startAgain),
        new Fault(
                "leader-restarted",
                "leader ended with SIGTERM, a standby there",
                Layout.PAIR,
                (world, random) -> {
                  world.leader().running().terminate();
                  return 1;
                })
            .restoredBy(LeaderFaults::startAgain),
        new Fault(
            "leader-frozen",
            "leader frozen with SIGSTOP for 30 s, a standby there",
            Layout.PAIR,
            (world, random) -> {
              Syncer leader = world.leader();
              leader.running().pause();
              Fault.last(random, 30_000, 30_000);
              leader.running().resume();
              return 1;
            }),
        new Fault(
            "leader-cut-off",
            "leader can't reach the API server for 10 to 20 s, a standby can",
            Layout.PAIR,
            (world, random) -> {
              Syncer leader = world.leader();
              world.relay(leader).cut(true);
              Fault.last(random, 10_000, 20_000);
              world.relay(leader).restore();
              return 1;
            }),
        new Fault(
                "standby-killed",
                "the syncer that does not lead killed with SIGKILL",
                Layout.PAIR,
                (world, random) -> {
                  Syncer leader = world.leader();
                  world.syncers().stream()
                      .filter(each -> each != leader)
                      .forEach(each -> each.running().kill());
                  return 1;
                })
            .restoredBy(LeaderFaults::startAgain));
  }

  private static void startAgain(World world) throws InterruptedException {
    for (Syncer syncer : world.syncers()) {
      if (syncer.isEnding()) {
        syncer.running().close();
        syncer.start();
      }
      syncer.awaitLine("caches are in step");
    }
  }
}
