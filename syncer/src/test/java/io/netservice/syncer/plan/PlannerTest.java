package io.netservice.syncer.plan;

import static io.netservice.syncer.plan.Pods.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is published and how: DESIGN 4 and 5, one behaviour at a time. */
class PlannerTest {

  private final Cluster cluster = new Cluster();

  private void published(String... expected) {
    assertEquals(List.of(expected), cluster.reconcile().published());
  }

  private void slices(String... expected) {
    assertEquals(List.of(expected), cluster.reconcile().slices());
  }

  private void subsets(String... expected) {
    assertEquals(List.of(expected), cluster.reconcile().subsets());
  }

  // Conditions.

  @Test
  void readyPodIsReadyAndServing() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1"));
    published("10.0.0.1 ready serving");
    subsets("[] 10.0.0.1");
  }

  @Test
  void podThatIsNotReadyIsNeitherReadyNorServing() {
    cluster.with(pod("a").on("core", "10.0.0.1"));
    published("10.0.0.1");
    subsets("[] (10.0.0.1)");
  }

  @Test
  void podBeingDeletedServesAsLongAsItIsReadyButIsNotReady() {
    cluster.with(pod("a").ready().terminating().on("core", "10.0.0.1"));
    published("10.0.0.1 serving terminating");
    subsets();
  }

  @Test
  void podBeingDeletedThatIsNotReadyIsOnlyTerminating() {
    cluster.with(pod("a").terminating().on("core", "10.0.0.1"));
    published("10.0.0.1 terminating");
    subsets();
  }

  @Test
  void publishNotReadyMakesReadyButNotServing() {
    cluster.publishNotReady().with(pod("a").on("core", "10.0.0.1"));
    published("10.0.0.1 ready");
    subsets("[] 10.0.0.1");
  }

  @Test
  void publishNotReadyKeepsAPodBeingDeletedReady() {
    cluster
        .publishNotReady()
        .with(
            pod("a").ready().terminating().on("core", "10.0.0.1"),
            pod("b").terminating().on("core", "10.0.0.2"));
    published("10.0.0.1 ready serving terminating", "10.0.0.2 ready terminating");
    subsets("[] 10.0.0.1 10.0.0.2");
  }

  @Test
  void finishedPodIsOut() {
    cluster.publishNotReady().with(pod("a").ready().finished().on("core", "10.0.0.1"));
    published();
    assertTrue(cluster.condition("Ready").startsWith("False NoMatchingPods"));
  }

  @Test
  void readyAndNotReadyShareASubset() {
    cluster.with(
        pod("a").on("core", "10.0.0.1"),
        pod("b").ready().on("core", "10.0.0.2"),
        pod("c").ready().on("core", "10.0.0.10"));
    subsets("[] 10.0.0.10 10.0.0.2 (10.0.0.1)");
  }

  // What an endpoint tells.

  @Test
  void endpointTellsItsPodAndNode() {
    cluster.with(pod("a").ready().node("n1").on("core", "10.0.0.1"));
    assertEquals(List.of("10.0.0.1 Pod shop/a#uid-a node=n1"), cluster.reconcile().details());
  }

  @Test
  void podWithoutANodeHasNoNodeName() {
    cluster.with(pod("a").ready().node("").on("core", "10.0.0.1"));
    assertEquals(List.of("10.0.0.1 Pod shop/a#uid-a"), cluster.reconcile().details());
  }

  @Test
  void slicesLeaveOutAPodWhoseNodeIsGoneAndEndpointsKeepItUntilItIsCollected() {
    cluster.with(
        pod("a").ready().node("n1").on("core", "10.0.0.1"),
        pod("b").ready().node("n2").on("core", "10.0.0.2"));
    cluster.withoutNode("n2").reconcile();
    assertEquals(List.of("10.0.0.1 ready serving"), cluster.published());
    assertEquals(List.of("[] 10.0.0.1 10.0.0.2"), cluster.subsets());
    cluster.withNode("n2").reconcile();
    assertEquals(List.of("10.0.0.1 ready serving", "10.0.0.2 ready serving"), cluster.published());
  }

  @Test
  void aPodWhoseNodeIsGoneStaysWhereNotReadyAddressesArePublished() {
    cluster.with(pod("a").ready().node("n1").on("core", "10.0.0.1"));
    cluster.publishNotReady().withoutNode("n1").reconcile();
    assertEquals(List.of("10.0.0.1 ready serving"), cluster.published());
  }

  @Test
  void zoneIsTheNodes() {
    cluster.zone("n1", "east").with(pod("a").ready().node("n1").on("core", "10.0.0.1"));
    assertEquals(
        List.of("10.0.0.1 Pod shop/a#uid-a node=n1 zone=east"), cluster.reconcile().details());
  }

  @Test
  void zoneChangesWithTheNodesLabelInSlicesAlone() {
    cluster.zone("n1", "east").with(pod("a").ready().node("n1").on("core", "10.0.0.1")).reconcile();
    cluster.zone("n1", "west").reconcile();
    assertEquals(List.of("10.0.0.1 Pod shop/a#uid-a node=n1 zone=west"), cluster.details());
    assertEquals(List.of("update EndpointSlice/db-ns4-0"), cluster.writes());
  }

  @Test
  void hostnameCountsWhereTheSubdomainIsTheService() {
    cluster.with(pod("db-0").ready().named("db-0", "db").on("core", "10.0.0.1"));
    assertEquals(
        List.of("10.0.0.1 Pod shop/db-0#uid-db-0 host=db-0 node=node"),
        cluster.reconcile().details());
    subsets("[] 10.0.0.1:db-0");
  }

  @Test
  void hostnameOfAnotherSubdomainDoesNotCount() {
    cluster.with(
        pod("a").ready().named("db-0", "other").on("core", "10.0.0.1"),
        pod("b").ready().named("db-1", "").on("core", "10.0.0.2"),
        pod("c").ready().named("", "db").on("core", "10.0.0.3"));
    subsets("[] 10.0.0.1 10.0.0.2 10.0.0.3");
  }

  @Test
  void changedHostnameIsWrittenInPlace() {
    cluster.with(pod("a").ready().named("x", "db").on("core", "10.0.0.1")).reconcile();
    cluster.with(pod("a").ready().named("y", "db").on("core", "10.0.0.1"));
    subsets("[] 10.0.0.1:y");
    assertEquals(List.of("update EndpointSlice/db-ns4-0", "update Endpoints/db"), cluster.writes());
  }

  @Test
  void podOfTheSameNameAndAddressIsAnotherPod() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1"), pod("b").on("core")).reconcile();
    cluster.without("a").with(pod("b").ready().on("core", "10.0.0.1")).reconcile();
    assertEquals(List.of("10.0.0.1 Pod shop/b#uid-b node=node"), cluster.details());
  }

  @Test
  void trafficDistributionGivesHintsToReadyEndpoints() {
    cluster
        .zone("n1", "east")
        .with(
            pod("a").ready().node("n1").on("core", "10.0.0.1"),
            pod("b").node("n1").on("core", "10.0.0.2"))
        .reconcile()
        .patch("Service/db", "{'spec':{'trafficDistribution':'PreferSameZone'}}")
        .reconcile();
    assertEquals(
        List.of(
            "10.0.0.1 Pod shop/a#uid-a node=n1 zone=east for east",
            "10.0.0.2 Pod shop/b#uid-b node=n1 zone=east"),
        cluster.details());
  }

  @Test
  void preferSameNodeHintsTheNodeToo() {
    cluster
        .zone("n1", "east")
        .with(
            pod("a").ready().node("n1").on("core", "10.0.0.1"),
            pod("b").ready().node("n2").on("core", "10.0.0.2"))
        .reconcile()
        .patch("Service/db", "{'spec':{'trafficDistribution':'PreferSameNode'}}")
        .reconcile();
    assertEquals(
        List.of(
            "10.0.0.1 Pod shop/a#uid-a node=n1 zone=east for east,n1",
            "10.0.0.2 Pod shop/b#uid-b node=n2 for n2"),
        cluster.details());
  }

  @Test
  void hintsGoWithTheWishForThem() {
    cluster
        .zone("node", "east")
        .with(pod("a").ready().on("core", "10.0.0.1"))
        .reconcile()
        .patch("Service/db", "{'spec':{'trafficDistribution':'PreferClose'}}")
        .reconcile()
        .patch("Service/db", "{'spec':{'trafficDistribution':null}}")
        .reconcile();
    assertEquals(List.of("10.0.0.1 Pod shop/a#uid-a node=node zone=east"), cluster.details());
  }

  @Test
  void topologyModeTakesPrecedenceOverTrafficDistribution() {
    cluster
        .zone("node", "east")
        .with(pod("a").ready().on("core", "10.0.0.1"))
        .reconcile()
        .patch(
            "Service/db",
            "{'metadata':{'annotations':{'service.kubernetes.io/topology-mode':'Auto'}},"
                + "'spec':{'trafficDistribution':'PreferClose'}}")
        .reconcile();
    assertEquals(List.of("10.0.0.1 Pod shop/a#uid-a node=node zone=east"), cluster.details());
  }

  // Addresses and networks.

  @Test
  void eachFamilyHasItsOwnSlice() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1", "fd00::1"));
    slices("IPv4 [] 10.0.0.1", "IPv6 [] fd00::1");
  }

  @Test
  void bothFamiliesShareASubset() {
    cluster.with(pod("a").ready().on("core", "fd00::1", "10.0.0.1"));
    subsets("[] 10.0.0.1 fd00::1");
  }

  @Test
  void severalAddressesOfAFamilyAreEndpointsOfTheirOwn() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1", "10.0.0.2").on("core", "10.0.0.3"));
    slices("IPv4 [] 10.0.0.1 10.0.0.2 10.0.0.3");
    assertEquals("3/3 0", cluster.counts());
  }

  @Test
  void onlyTheAskedFamilyIsPublished() {
    cluster.families("IPv6").with(pod("a").ready().on("core", "10.0.0.1", "fd00::1"));
    slices("IPv6 [] fd00::1");
    subsets("[] fd00::1");
  }

  @Test
  void podWithoutTheAskedFamilyIsSkipped() {
    cluster.families("IPv6").with(pod("a").ready().on("core", "10.0.0.1"));
    slices("IPv6 []");
    assertEquals("0/0 1", cluster.counts());
  }

  @Test
  void slicesOfAFamilyThatIsNoLongerAskedForGo() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1", "fd00::1")).reconcile();
    cluster.families("IPv4");
    slices("IPv4 [] 10.0.0.1");
    assertEquals(List.of("update Endpoints/db", "delete EndpointSlice/db-ns6-0"), cluster.writes());
  }

  @Test
  void bareNetworkNameIsOfTheNetServicesNamespace() {
    cluster.with(
        pod("a").ready().on("core", "10.0.0.1"),
        pod("b").ready().on("shop/core", "10.0.0.2"),
        pod("c").ready().on("other/core", "10.0.0.3"));
    published("10.0.0.1 ready serving", "10.0.0.2 ready serving");
  }

  @Test
  void networksAreComparedByFullName() {
    cluster
        .network("networks/core")
        .with(
            pod("a").ready().on("networks/core", "10.0.0.1"),
            pod("b").ready().on("core", "10.0.0.2"),
            pod("c").ready().on("shop/core", "10.0.0.3"),
            pod("d").ready().on("networks/core2", "10.0.0.4"));
    published("10.0.0.1 ready serving");
  }

  @Test
  void clustersOwnNetworkWithABareNameIsNobodysMatch() {
    cluster.with(pod("a").ready().byDefaultOn("core", "10.0.0.1"));
    published();
  }

  @Test
  void defaultNetworkCountsByItsFullName() {
    cluster
        .network("kube-system/alt")
        .with(pod("a").ready().byDefaultOn("kube-system/alt", "10.0.0.1"));
    published("10.0.0.1 ready serving");
  }

  @Test
  void onlyTheAskedInterfaceCounts() {
    cluster
        .podInterface("net2")
        .with(pod("a").ready().on("core", "10.0.0.1").on("core", "10.0.0.2"));
    published("10.0.0.2 ready serving");
  }

  @Test
  void changedAddressMovesWithoutATrace() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1")).reconcile();
    cluster.with(pod("a").ready().on("core", "10.0.0.2"));
    slices("IPv4 [] 10.0.0.2");
    subsets("[] 10.0.0.2");
  }

  @Test
  void podWithoutNetworkStatusWaitsSkipped() {
    cluster.with(pod("a"), pod("b").ready().on("core", "10.0.0.1"));
    published("10.0.0.1 ready serving");
    assertEquals("1/1 1", cluster.counts());
    assertEquals("none", cluster.condition("Degraded"));
  }

  @Test
  void nobodyOnTheNetworkIsToldWithTheReason() {
    cluster.with(pod("a").ready().on("other", "10.0.0.1")).reconcile();
    assertEquals(
        "False NoAddressOnNetwork: the one selected pod has no address on core: pod a: it is not"
            + " attached to shop/core but to shop/other (net1)",
        cluster.condition("Ready"));
  }

  @Test
  void malformedStatusConcernsItsOwnPodAlone() {
    cluster.with(pod("good").ready().on("core", "10.0.0.1"), pod("bad").ready().annotated("[{"));
    published("10.0.0.1 ready serving");
    assertTrue(cluster.condition("Degraded").contains("pod bad"), cluster.condition("Degraded"));
    assertEquals("1/1 1", cluster.counts());
  }

  @Test
  void refusedAddressLeavesTheOthersOfItsPod() {
    cluster.with(pod("a").ready().on("core", "127.0.0.1", "10.0.0.1", "fe80::1"));
    published("10.0.0.1 ready serving");
    assertTrue(cluster.condition("Degraded").contains("127.0.0.1"), cluster.condition("Degraded"));
  }

  @Test
  void degradedEndsWithItsCause() {
    cluster.with(pod("a").ready().annotated("[{")).reconcile();
    cluster.with(pod("a").ready().on("core", "10.0.0.1")).reconcile();
    assertTrue(cluster.condition("Degraded").startsWith("False AllPodsUsable"));
  }

  // An address that two pods claim.

  private void owner(String expected) {
    cluster.reconcile();
    assertEquals(1, cluster.details().size());
    assertTrue(cluster.details().get(0).contains("/" + expected + "#"), cluster.details().get(0));
  }

  @Test
  void readyClaimWinsOverOlder() {
    cluster.with(
        pod("old").created("2020-01-01T00:00:00Z").on("core", "10.0.0.1"),
        pod("new").ready().on("core", "10.0.0.1"));
    owner("new");
  }

  @Test
  void olderClaimWinsAmongEquals() {
    cluster.with(
        pod("a").created("2026-01-03T00:00:00Z").ready().on("core", "10.0.0.1"),
        pod("b").created("2026-01-02T00:00:00Z").ready().on("core", "10.0.0.1"));
    owner("b");
  }

  @Test
  void claimOfAPodBeingDeletedLosesToOneThatStays() {
    cluster.with(
        pod("old").created("2020-01-01T00:00:00Z").ready().terminating().on("core", "10.0.0.1"),
        pod("new").ready().on("core", "10.0.0.1"));
    owner("new");
  }

  @Test
  void podThatStillServesKeepsItsAddressFromOneThatIsNotReady() {
    cluster.with(
        pod("old").ready().terminating().on("core", "10.0.0.1"), pod("new").on("core", "10.0.0.1"));
    owner("old");
  }

  @Test
  void claimPassesOnWhenItsPodGoes() {
    cluster.with(
        pod("a").ready().on("core", "10.0.0.1"),
        pod("b").created("2026-01-02T00:00:00Z").ready().on("core", "10.0.0.1"));
    owner("a");
    cluster.without("a");
    owner("b");
    assertEquals(List.of("update EndpointSlice/db-ns4-0", "update Endpoints/db"), cluster.writes());
  }

  // Ports.

  @Test
  void numberedPortIsTheSameForAll() {
    cluster
        .ports("web:80>8080")
        .with(pod("a").ready().on("core", "10.0.0.1"), pod("b").on("core", "10.0.0.2"));
    slices("IPv4 [web:8080/TCP] 10.0.0.1 10.0.0.2");
    subsets("[web:8080/TCP] 10.0.0.1 (10.0.0.2)");
  }

  @Test
  void portWithoutTargetIsItsOwnTarget() {
    cluster.ports(":80").with(pod("a").ready().on("core", "10.0.0.1"));
    slices("IPv4 [:80/TCP] 10.0.0.1");
    subsets("[:80/TCP] 10.0.0.1");
  }

  @Test
  void portTellsProtocolAndApplication() {
    cluster.ports("dns:53/UDP/kubernetes.io/dns").with(pod("a").ready().on("core", "10.0.0.1"));
    slices("IPv4 [dns:53/UDP/kubernetes.io/dns] 10.0.0.1");
    subsets("[dns:53/UDP/kubernetes.io/dns] 10.0.0.1");
  }

  @Test
  void namedPortHasTheNumberOfEachPod() {
    cluster
        .ports("http:80>web")
        .with(
            pod("a").ready().port("web", 8080).on("core", "10.0.0.1"),
            pod("b").ready().port("web", 9090).on("core", "10.0.0.2"));
    slices("IPv4 [http:8080/TCP] 10.0.0.1", "IPv4 [http:9090/TCP] 10.0.0.2");
    subsets("[http:8080/TCP] 10.0.0.1", "[http:9090/TCP] 10.0.0.2");
  }

  @Test
  void namedPortIsOfTheSameProtocol() {
    cluster
        .ports("dns:53>dns/UDP")
        .with(pod("a").ready().port("dns", 5300).port("dns", "UDP", 5353).on("core", "10.0.0.1"));
    slices("IPv4 [dns:5353/UDP] 10.0.0.1");
  }

  @Test
  void firstContainerThatHasTheNameGivesTheNumber() {
    cluster
        .ports("http:80>web")
        .with(pod("a").ready().port("web", 8080).port("web", 9090).on("core", "10.0.0.1"));
    slices("IPv4 [http:8080/TCP] 10.0.0.1");
  }

  @Test
  void podWithoutANamedPortIsLeftOutForThatPort() {
    cluster
        .ports("http:80>web", "admin:81>8181")
        .with(
            pod("a").ready().port("web", 8080).on("core", "10.0.0.1"),
            pod("b").ready().on("core", "10.0.0.2"));
    slices("IPv4 [admin:8181/TCP, http:8080/TCP] 10.0.0.1", "IPv4 [admin:8181/TCP] 10.0.0.2");
    subsets("[admin:8181/TCP] 10.0.0.1 10.0.0.2", "[http:8080/TCP] 10.0.0.1");
  }

  @Test
  void podWithoutAnyPortIsInASliceWithoutPortsAndInNoSubset() {
    cluster.ports("http:80>web").with(pod("a").ready().on("core", "10.0.0.1"));
    slices("IPv4 [] 10.0.0.1");
    subsets();
  }

  @Test
  void portsWithTheSameAddressesShareASubset() {
    cluster
        .ports("http:80>web", "metrics:90>9090", "admin:81>8181")
        .with(
            pod("a").ready().port("web", 8080).on("core", "10.0.0.1"),
            pod("b").ready().port("web", 8081).on("core", "10.0.0.2"),
            pod("c").port("web", 8081).on("core", "10.0.0.3"));
    subsets(
        "[admin:8181/TCP, metrics:9090/TCP] 10.0.0.1 10.0.0.2 (10.0.0.3)",
        "[http:8080/TCP] 10.0.0.1",
        "[http:8081/TCP] 10.0.0.2 (10.0.0.3)");
  }

  @Test
  void familiesAreRepackedEachForItself() {
    cluster
        .ports("http:80>web", "metrics:90>9090")
        .with(
            pod("a").ready().port("web", 8080).on("core", "10.0.0.1", "fd00::1"),
            pod("b").ready().port("web", 8081).on("core", "10.0.0.2"));
    subsets(
        "[http:8080/TCP, metrics:9090/TCP] fd00::1",
        "[http:8080/TCP] 10.0.0.1",
        "[http:8081/TCP] 10.0.0.2",
        "[metrics:9090/TCP] 10.0.0.1 10.0.0.2");
  }

  @Test
  void changedPortsAreWrittenIntoTheSameSlices() {
    cluster.ports("http:80").with(pod("a").ready().on("core", "10.0.0.1")).reconcile();
    cluster.ports("http:81");
    slices("IPv4 [http:81/TCP] 10.0.0.1");
    assertEquals(
        List.of("update Service/db", "update EndpointSlice/db-ns4-0", "update Endpoints/db"),
        cluster.writes());
  }

  // Nobody.

  @Test
  void nobodyIsAnEmptySliceForEachFamilyAndEndpointsWithoutSubsets() {
    slices("IPv4 []", "IPv6 []");
    subsets();
    assertEquals(
        "False NoMatchingPods: no running pod in this namespace has the labels app=db",
        cluster.condition("Ready"));
  }

  @Test
  void emptySliceHasNoPortsAlsoWhereTheNetServiceHas() {
    cluster.ports("http:80").with(pod("a").ready().on("core", "10.0.0.1")).reconcile();
    cluster.without("a");
    slices("IPv4 []", "IPv6 []");
  }

  @Test
  void familyWithoutAddressHasNoSliceWhereAnotherFamilyHasOne() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1"));
    slices("IPv4 [] 10.0.0.1");
    cluster.with(pod("b").ready().on("core", "fd00::1"));
    slices("IPv4 [] 10.0.0.1", "IPv6 [] fd00::1");
  }

  @Test
  void emptySliceOfAFamilyInUseStaysBesideTheOther() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1", "fd00::1")).reconcile();
    cluster.with(pod("a").ready().on("core", "10.0.0.1")).reconcile();
    slices("IPv4 [] 10.0.0.1", "IPv6 []");
    cluster.with(pod("a").ready().on("core", "10.0.0.1", "fd00::2"));
    slices("IPv4 [] 10.0.0.1", "IPv6 [] fd00::2");
    assertEquals(List.of("update EndpointSlice/db-ns6-0", "update Endpoints/db"), cluster.writes());
  }

  @Test
  void familyThatIsNotAskedForLosesItsEmptySlice() {
    cluster.reconcile();
    cluster.families("IPv4").with(pod("a").ready().on("core", "10.0.0.1"));
    slices("IPv4 [] 10.0.0.1");
  }

  @Test
  void firstPodGoesIntoTheEmptySlice() {
    cluster.ports("http:80").reconcile();
    cluster.with(pod("a").ready().on("core", "10.0.0.1"));
    slices("IPv4 [http:80/TCP] 10.0.0.1", "IPv6 []");
    assertEquals(List.of("update EndpointSlice/db-ns4-0", "update Endpoints/db"), cluster.writes());
  }

  // More than Endpoints hold.

  @Test
  void thousandAddressesAreNotTooMany() {
    cluster.withReady(0, 1000).reconcile();
    assertEquals(List.of("1000+0"), cluster.subsetSizes());
    assertEquals(
        null, cluster.annotations("Endpoints/db").get("endpoints.kubernetes.io/over-capacity"));
  }

  @Test
  void endpointsStopAtAThousandReadyOnesFirst() {
    cluster.withReady(0, 900);
    for (int i = 900; i < 1100; i++) {
      cluster.with(pod("p" + i).on("core", Cluster.address(i)));
    }
    cluster.reconcile();
    assertEquals(List.of("900+100"), cluster.subsetSizes());
    assertEquals(
        "truncated",
        cluster.annotations("Endpoints/db").get("endpoints.kubernetes.io/over-capacity"));
    assertEquals(1100, cluster.published().size());
  }

  @Test
  void notReadyOnesAreAllOutWhereTheReadyOnesAreTooMany() {
    cluster.withReady(0, 1001).with(pod("x").on("core", "10.9.9.9")).reconcile();
    assertEquals(List.of("1000+0"), cluster.subsetSizes());
  }

  @Test
  void eachSubsetKeepsItsShareOfTheThousand() {
    cluster.ports("http:80>web");
    for (int i = 0; i < 1500; i++) {
      cluster.with(
          pod("p" + i).ready().port("web", i < 500 ? 8080 : 9090).on("core", Cluster.address(i)));
    }
    cluster.reconcile();
    assertEquals(List.of("334+0", "666+0"), cluster.subsetSizes());
  }

  @Test
  void subsetThatKeepsNobodyIsLeftOut() {
    cluster.ports("http:80>web").with(pod("x").port("web", 1).on("core", "10.9.9.9"));
    for (int i = 0; i < 1001; i++) {
      cluster.with(pod("p" + i).ready().port("web", 2).on("core", Cluster.address(i)));
    }
    cluster.reconcile();
    assertEquals(List.of("1000+0"), cluster.subsetSizes());
  }

  @Test
  void overCapacityIsTakenBack() {
    cluster.withReady(0, 1001).reconcile();
    cluster.without("p0").reconcile();
    assertEquals(
        null, cluster.annotations("Endpoints/db").get("endpoints.kubernetes.io/over-capacity"));
    assertEquals(List.of("1000+0"), cluster.subsetSizes());
  }
}
