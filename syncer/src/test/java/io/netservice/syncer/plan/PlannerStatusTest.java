package io.netservice.syncer.plan;

import static io.netservice.syncer.plan.Pods.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netservice.api.Reason;
import org.junit.jupiter.api.Test;

/** What the status says of what was planned. */
class PlannerStatusTest {

  private static final String FIRST = "2026-01-01T00:00:00Z";
  private static final String LATER = "2026-01-01T01:00:00Z";
  private static final String LAST = "2026-01-01T02:00:00Z";

  private final Cluster cluster = new Cluster().at(FIRST);

  private void ready(String expected) {
    cluster.reconcile();
    assertEquals(expected, cluster.condition("Ready"));
  }

  private void degraded(String expected) {
    cluster.reconcile();
    assertEquals(expected, cluster.condition("Degraded"));
  }

  // Times.

  @Test
  void timeStaysWhileOnlyReasonMessageAndCountsChange() {
    cluster.reconcile().at(LATER).with(pod("a").ready().on("other", "10.0.0.1"));
    ready(
        "False NoAddressOnNetwork: the one selected pod has no address on core: pod a: it is not"
            + " attached to shop/core but to shop/other (net1)");
    assertEquals(FIRST + " 1", cluster.since("Ready"));
  }

  @Test
  void timeMovesWithTheStatusOfItsConditionAlone() {
    cluster.reconcile().at(LATER).with(pod("a").ready().on("core", "10.0.0.1")).reconcile();
    assertEquals(LATER + " 1", cluster.since("Ready"));
    cluster.at(LAST).with(pod("b").ready().annotated("[")).reconcile();
    assertEquals(LATER + " 1", cluster.since("Ready"));
    assertEquals(LAST + " 1", cluster.since("Degraded"));
  }

  @Test
  void anotherGenerationIsObservedWithoutMovingATime() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1")).reconcile();
    cluster.at(LATER).nextGeneration().reconcile();
    assertEquals(FIRST + " 2", cluster.since("Ready"));
  }

  @Test
  void secondPlanLeavesTheStatusAloneWhateverTheTime() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1"), pod("b").annotated("[")).reconcile();
    // A plan that is not empty would be carried out, and the time be seen.
    cluster.at(LATER).reconcile();
    assertEquals(FIRST + " 1", cluster.since("Ready"));
    assertEquals(FIRST + " 1", cluster.since("Degraded"));
  }

  // The network.

  @Test
  void missingNetworkIsToldBeforeMissingPods() {
    cluster.networkMissing(true);
    ready(
        "False NetworkNotFound: there is no NetworkAttachmentDefinition shop/core: create it or"
            + " name another network");
    cluster.with(pod("a").ready().on("other", "10.0.0.1"));
    ready(
        "False NetworkNotFound: there is no NetworkAttachmentDefinition shop/core: create it or"
            + " name another network");
    cluster.networkMissing(false).without("a");
    ready("False NoMatchingPods: no running pod in this namespace has the labels app=db");
  }

  @Test
  void podsStayPublishedWhenTheirNetworkGoes() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1")).reconcile();
    cluster.networkMissing(true);
    ready("True Published: 1/1 endpoints are ready");
    degraded(
        "True NetworkGone: there is no NetworkAttachmentDefinition shop/core any more: no further"
            + " pod can be attached to it");
    cluster.networkMissing(false);
    degraded("False AllPodsUsable: no pod is left out");
  }

  // Pods that are left out.

  @Test
  void threePodsAreNamedAndTheOthersCounted() {
    for (String name : new String[] {"a", "b", "c", "d", "e"}) {
      cluster.with(pod(name).ready().on("core"));
    }
    cluster.with(pod("ok").ready().on("core", "10.0.0.1"));
    String why = ": it is attached to shop/core without an address";
    degraded("True PodsSkipped: pod a" + why + "; pod b" + why + "; pod c" + why + "; and 2 more");
    assertEquals("1/1 5", cluster.counts());
  }

  @Test
  void podThatIsComingUpOrGoingIsNoTrouble() {
    cluster.with(pod("ok").ready().on("core", "10.0.0.1"), pod("new"), pod("old").terminating());
    degraded("none");
    assertEquals("1/1 2", cluster.counts());
  }

  @Test
  void readyPodWithoutNetworkStatusIsNamed() {
    cluster.with(pod("a").ready());
    degraded("True PodsSkipped: pod a: it has no network-status yet");
  }

  @Test
  void readyPodWhoseAddressAnotherHasIsNamedWithTheOther() {
    cluster.with(
        pod("a").ready().on("core", "10.0.0.1"),
        pod("b").created("2026-01-02T00:00:00Z").ready().on("core", "10.0.0.1"));
    degraded("True PodsSkipped: pod b: 10.0.0.1 is published for pod a");
    assertEquals("1/1 1", cluster.counts());
    cluster.without("a");
    degraded("False AllPodsUsable: no pod is left out");
    assertEquals("1/1 0", cluster.counts());
  }

  @Test
  void podIsNamedWithWhatOthersHaveOfItButNotCounted() {
    cluster.with(
        pod("a").ready().on("core", "10.0.0.1"),
        pod("b")
            .created("2026-01-02T00:00:00Z")
            .ready()
            .on("core", "10.0.0.1", "10.0.0.2", "fe80::1"));
    degraded(
        "True PodsSkipped: pod b: address refused: \"fe80::1\" (link-local), 10.0.0.1 is published"
            + " for pod a");
    assertEquals("2/2 0", cluster.counts());
  }

  @Test
  void podThatHandsItsAddressOverIsNoTrouble() {
    cluster.with(
        pod("old").ready().terminating().on("core", "10.0.0.1"), pod("new").on("core", "10.0.0.1"));
    degraded("none");
    assertEquals("0/1 0", cluster.counts());
    cluster.with(pod("new").ready().on("core", "10.0.0.1"));
    degraded("none");
    assertEquals("1/1 0", cluster.counts());
  }

  @Test
  void refusedAddressIsToldWhoeverHasTheOther() {
    cluster.with(
        pod("a").ready().on("core", "10.0.0.1"),
        pod("b").created("2026-01-02T00:00:00Z").ready().on("core", "10.0.0.1", "fe80::1"));
    degraded(
        "True PodsSkipped: pod b: address refused: \"fe80::1\" (link-local), 10.0.0.1 is published"
            + " for pod a");
    assertEquals("1/1 1", cluster.counts());
    cluster.with(pod("b").created("2026-01-02T00:00:00Z").on("core", "10.0.0.1", "fe80::1"));
    degraded("True PodsSkipped: pod b: address refused: \"fe80::1\" (link-local)");
    assertEquals("1/1 0", cluster.counts());
  }

  @Test
  void podOnAnotherInterfaceIsNamedWithIt() {
    cluster.podInterface("net7").with(pod("a").ready().on("core", "10.0.0.1"));
    degraded(
        "True PodsSkipped: pod a: it is not attached to shop/core by interface net7 but to"
            + " shop/core (net1)");
  }

  @Test
  void podOfAnotherFamilyIsNamedWithTheFamily() {
    cluster.families("IPv6").with(pod("a").ready().on("core", "10.0.0.1"));
    degraded("True PodsSkipped: pod a: it has no IPv6 address on shop/core");
  }

  @Test
  void podWithRefusedAddressesAloneIsNamedWithThem() {
    cluster.with(pod("a").ready().on("core", "fe80::1"));
    degraded(
        "True PodsSkipped: pod a: it has no usable address on shop/core: refused: \"fe80::1\""
            + " (link-local)");
  }

  @Test
  void networkOfTheClusterItselfIsNotCountedAmongTheOthers() {
    cluster.with(
        pod("a").ready().byDefaultOn("cbr0", "10.244.0.1").on("other", "10.0.0.1"),
        pod("b").ready().byDefaultOn("cbr0", "10.244.0.2"));
    degraded(
        "True PodsSkipped: pod a: it is not attached to shop/core but to shop/other (net2); pod b:"
            + " it is not attached to shop/core");
  }

  @Test
  void manyAndLongNamesOfNetworksAreCutShort() {
    Pods pod = pod("a").ready();
    for (int i = 0; i < 6; i++) {
      pod.on("n" + i + "x".repeat(1000), "10.0.0." + i);
    }
    cluster.with(pod).reconcile();
    String told = cluster.condition("Degraded");
    assertEquals(true, told.endsWith(" and 2 more"), told);
    assertEquals(true, told.length() < 500, told);
  }

  // What can't be written.

  @Test
  void refusalLeavesCountsAndPodsAsTheyWere() {
    cluster
        .with(pod("a").ready().on("core", "10.0.0.1"), pod("b").ready().annotated("["))
        .reconcile()
        .at(LATER)
        .unwritable(Reason.WRITE_FAILED, "x".repeat(5000));
    assertEquals("False WriteFailed: " + "x".repeat(1024) + "...", cluster.condition("Ready"));
    assertEquals("1/1 1", cluster.counts());
    assertEquals(LATER + " 1", cluster.since("Ready"));
    assertEquals(FIRST + " 1", cluster.since("Degraded"));
    ready("True Published: 1/1 endpoints are ready");
  }

  @Test
  void conflictSaysNothingOfPods() {
    cluster.with(pod("a").ready().annotated("[")).reconcile();
    cluster.obstructed("Endpoints shop/db exists").reconcile();
    assertEquals("none", cluster.condition("Degraded"));
    assertEquals("0/0 0", cluster.counts());
  }
}
