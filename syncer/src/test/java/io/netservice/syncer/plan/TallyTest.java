package io.netservice.syncer.plan;

import static io.netservice.syncer.plan.Pods.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is counted of a plan. */
class TallyTest {

  private final Cluster cluster = new Cluster();

  private static String text(Map<String, Integer> counts) {
    StringBuilder text = new StringBuilder();
    counts.forEach((name, count) -> text.append(count == 0 ? "" : " " + name + "=" + count));
    return text.toString().strip();
  }

  private String endpoints() {
    return text(cluster.reconcile().tally().endpoints());
  }

  private String skipped() {
    return text(cluster.reconcile().tally().skipped());
  }

  @Test
  void endpointsAreCountedByState() {
    cluster.with(
        pod("a").ready().on("core", "10.0.0.1", "fd00::1"),
        pod("b").on("core", "10.0.0.2"),
        pod("c").ready().terminating().on("core", "10.0.0.3"));
    assertEquals("ready=2 not_ready=1 terminating=1", endpoints());
    cluster.publishNotReady();
    assertEquals("ready=4", endpoints());
  }

  @Test
  void podsWithoutAnEndpointAreCountedByReason() {
    cluster.with(
        pod("a").ready(),
        pod("b").ready().annotated("["),
        pod("c").ready().on("other", "10.0.0.1"),
        pod("d").ready().on("core"),
        pod("e").ready().on("core", "127.0.0.1"),
        pod("f").ready().on("core", "10.0.0.2"),
        pod("g").created("2026-01-02T00:00:00Z").ready().on("core", "10.0.0.2"));
    assertEquals(
        "no_network_status=1 malformed=1 not_attached=1 no_address=1 refused=1 duplicate=1",
        skipped());
    cluster.families("IPv6");
    assertEquals(
        "no_network_status=1 malformed=1 not_attached=1 no_address=1 refused=1 other_family=2",
        skipped());
    cluster.podInterface("net9");
    assertEquals("no_network_status=1 malformed=1 not_attached=1 other_interface=4", skipped());
  }

  @Test
  void nothingIsCountedWhereSomebodyElsesServiceIsInTheWay() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1"));
    assertEquals("ready=1", endpoints());
    cluster.obstructed("a Service is in the way");
    assertEquals("", endpoints());
  }

  @Test
  void talliesAddUp() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1"), pod("b").annotated("["));
    Tally one = cluster.reconcile().tally();
    Tally two = Tally.sum(Stream.of(one, Tally.NONE, one));
    assertEquals("ready=2", text(two.endpoints()));
    assertEquals("malformed=2", text(two.skipped()));
  }
}
