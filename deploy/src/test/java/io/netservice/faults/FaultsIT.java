package io.netservice.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.netservice.faults.fault.Fault;
import io.netservice.faults.fault.Faults;
import io.netservice.faults.load.Site;
import io.netservice.faults.report.Outcome;
import io.netservice.faults.world.Layout;
import io.netservice.faults.world.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short, seeded run of the fault benchmark, and that its checker sees what is not right. */
class FaultsIT {

  private static final long SEED = 7;

  /** The goal of 5 s is for a machine that does nothing else. */
  private static final double LIMIT = 30;

  private static World world;

  @BeforeAll
  static void start() {
    world =
        World.start(
            new World.Settings(
                Path.of("..").toAbsolutePath().normalize(),
                SEED,
                Duration.ofMillis(200),
                line -> {}));
  }

  @AfterAll
  static void stop() {
    if (world != null) {
      world.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "syncer-killed",
        "apiserver-killed",
        "connection-cut",
        "connection-half-open",
        "answer-lost"
      })
  void allIsRightAgainAfter(String name) throws Exception {
    Fault fault = Faults.named(List.of(name)).get(0);
    Outcome outcome = new FaultBench(world, SEED).run(fault, 1);
    assertTrue(outcome.isGood(LIMIT), () -> name + ": " + outcome);
    assertTrue(outcome.hits() > 0, () -> name + " has not hit");
  }

  @Test
  void addressThatNoPodEverHadIsSeenToBeWrong() throws Exception {
    world.arrange(Layout.ALONE);
    assertTrue(awaitRight(60), () -> "" + world.checker().differences());
    world.stopSyncers();
    int before = world.checker().tally().wrong();

    Site site = Site.ALL.get(0);
    String slices = "/apis/discovery.k8s.io/v1/namespaces/" + site.namespace() + "/endpointslices";
    JsonNode slice =
        world
            .admin()
            .get(slices + "?labelSelector=kubernetes.io/service-name%3D" + site.name())
            .orElseThrow()
            .path("items")
            .get(0);
    String address = slice.path("addressType").asText().equals("IPv4") ? "10.99.0.1" : "fd99::1";
    ((ArrayNode) slice.withArray("/endpoints")).addObject().putArray("addresses").add(address);
    assertTrue(world.admin().replace(slices + "/" + slice.at("/metadata/name").asText(), slice));

    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (world.checker().tally().wrong() == before && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertEquals(before + 1, world.checker().tally().wrong(), "wrong addresses");
    assertTrue(
        world.checker().read().stream().anyMatch(each -> each.where().contains(address)),
        "by reading");
  }

  @Test
  void addressesThatNobodyWithdrawsAreSeenToBeStale() throws Exception {
    world.arrange(Layout.ALONE);
    assertTrue(awaitRight(60), () -> "" + world.checker().differences());
    world.stopSyncers();
    int before = world.checker().tally().stale();
    // Each mark gives pods new addresses, and nobody is there to publish them.
    assertTrue(!awaitRight(1), "right without a syncer");
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (world.checker().tally().stale() == before && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertTrue(world.checker().tally().stale() > before, "stale addresses");
  }

  private static boolean awaitRight(int seconds) throws InterruptedException {
    return world
        .checker()
        .awaitRight(world.workload().mark(), Duration.ofSeconds(seconds))
        .isPresent();
  }
}
