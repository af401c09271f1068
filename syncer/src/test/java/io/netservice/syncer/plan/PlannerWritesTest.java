package io.netservice.syncer.plan;

import static io.netservice.syncer.plan.Pods.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is written for a change, and what is not. */
class PlannerWritesTest {

  private final Cluster cluster = new Cluster();

  @Test
  void nothingIsWrittenWhereNothingChanged() {
    cluster
        .ports("http:80>web")
        .with(pod("b").on("core", "10.0.0.9", "fd00::9"))
        .withReady(0, 250)
        .reconcile();
    assertEquals(List.of(), cluster.reconcile().writes());
  }

  @Test
  void orderOfPodsMakesNoDifference() {
    cluster.ports("http:80>web").limit(10);
    for (int i = 0; i < 35; i++) {
      cluster.with(pod("p" + i).ready().port("web", 80 + i % 2).on("core", Cluster.address(i)));
    }
    assertEquals(cluster.plan(), cluster.reversed().plan());
  }

  @Test
  void orderOfSlicesMakesNoDifference() {
    cluster.limit(10).withReady(0, 50).reconcile();
    cluster.without("p3", "p17", "p44").withReady(60, 64);
    String once = cluster.plan();
    assertEquals(once, cluster.plan());
    assertEquals(once, cluster.reversed().plan());
  }

  @Test
  void onePodWritesOneSliceAndTheEndpoints() {
    cluster.withReady(0, 250).reconcile();
    cluster.with(pod("p249").on("core", Cluster.address(249))).reconcile();
    assertEquals(List.of("update EndpointSlice/db-ns4-2", "update Endpoints/db"), cluster.writes());
  }

  @Test
  void slicesHoldAHundred() {
    cluster.withReady(0, 250).reconcile();
    assertEquals(Map.of("db-ns4-0", 100, "db-ns4-1", 100, "db-ns4-2", 50), cluster.sizes());
  }

  @Test
  void limitIsTheAdministrators() {
    cluster.limit(1000).withReady(0, 1001).reconcile();
    assertEquals(Map.of("db-ns4-0", 1000, "db-ns4-1", 1), cluster.sizes());
  }

  @Test
  void lowerLimitSpillsIntoNewSlices() {
    cluster.withReady(0, 100).reconcile();
    cluster.limit(40).reconcile();
    assertEquals(Map.of("db-ns4-0", 40, "db-ns4-1", 40, "db-ns4-2", 20), cluster.sizes());
  }

  @Test
  void higherLimitGathersTheSlices() {
    cluster.limit(10).withReady(0, 60).reconcile();
    cluster.limit(100).reconcile();
    assertEquals(List.of(60), List.copyOf(cluster.sizes().values()));
  }

  @Test
  void newEndpointsGoIntoTheSliceThatIsWrittenAnyway() {
    cluster.limit(10).withReady(0, 20).reconcile();
    cluster.without("p3").withReady(20, 21).reconcile();
    assertEquals(List.of("update EndpointSlice/db-ns4-0", "update Endpoints/db"), cluster.writes());
  }

  @Test
  void newEndpointsGoIntoTheFullestSliceWithRoomForAll() {
    cluster.limit(10).withReady(0, 30).reconcile();
    cluster.without("p0", "p1", "p2", "p3", "p10", "p11").reconcile();
    cluster.withReady(40, 42).reconcile();
    assertEquals(List.of("update EndpointSlice/db-ns4-1", "update Endpoints/db"), cluster.writes());
    assertEquals(Map.of("db-ns4-0", 6, "db-ns4-1", 10, "db-ns4-2", 10), cluster.sizes());
  }

  @Test
  void newEndpointsThatFitNowhereTogetherMakeOneSlice() {
    cluster.limit(10).withReady(0, 20).reconcile();
    cluster.without("p0", "p1", "p10", "p11").reconcile();
    cluster.withReady(40, 44).reconcile();
    assertEquals(List.of("create EndpointSlice/db-ns4-2", "update Endpoints/db"), cluster.writes());
  }

  @Test
  void emptiedSliceGoes() {
    cluster.limit(2).withReady(0, 4).reconcile();
    cluster.without("p0", "p1").reconcile();
    assertEquals(List.of("update Endpoints/db", "delete EndpointSlice/db-ns4-0"), cluster.writes());
  }

  @Test
  void sparseSliceIsMergedIntoTheOneBeingWritten() {
    cluster.limit(8).withReady(0, 16).reconcile();
    cluster.without("p8", "p9", "p10", "p11", "p12", "p13").reconcile();
    assertEquals(Map.of("db-ns4-0", 8, "db-ns4-1", 2), cluster.sizes());
    cluster.without("p0", "p1", "p2", "p3").reconcile();
    assertEquals(
        List.of(
            "update EndpointSlice/db-ns4-0",
            "update Endpoints/db",
            "delete EndpointSlice/db-ns4-1"),
        cluster.writes());
    assertEquals(Map.of("db-ns4-0", 6), cluster.sizes());
  }

  @Test
  void aFewThatComeAndGoMakeAndMergeNothing() {
    cluster.limit(8).withReady(0, 9).reconcile();
    for (int i = 0; i < 4; i++) {
      cluster.without("p8").withReady(9, 10).reconcile();
      cluster.without("p9").withReady(8, 9).reconcile();
      assertEquals(
          List.of("update EndpointSlice/db-ns4-1", "update Endpoints/db"), cluster.writes());
    }
  }

  @Test
  void sliceNotNeededForItsPortsIsUsedForOthers() {
    cluster.ports("http:80>web").with(pod("a").ready().port("web", 1).on("core", "10.0.0.1"));
    cluster.reconcile();
    cluster.with(pod("a").ready().port("web", 2).on("core", "10.0.0.1")).reconcile();
    assertEquals(List.of("update EndpointSlice/db-ns4-0", "update Endpoints/db"), cluster.writes());
    assertEquals(List.of("IPv4 [http:2/TCP] 10.0.0.1"), cluster.slices());
  }

  @Test
  void addressThatGoesFromOneSliceToAnotherIsInBothForAMoment() {
    cluster
        .ports("http:80>web")
        .with(
            pod("a").ready().port("web", 1).on("core", "10.0.0.1"),
            pod("b").ready().port("web", 1).on("core", "10.0.0.2"),
            pod("c").ready().port("web", 2).on("core", "10.0.0.3"))
        .reconcile();
    cluster.with(pod("b").ready().port("web", 2).on("core", "10.0.0.2")).reconcile();
    assertEquals(
        List.of(
            "update EndpointSlice/db-ns4-1",
            "update EndpointSlice/db-ns4-0",
            "update Endpoints/db"),
        cluster.writes());
    cluster.with(pod("b").ready().port("web", 3).on("core", "10.0.0.2")).reconcile();
    assertEquals(
        List.of(
            "create EndpointSlice/db-ns4-2",
            "update EndpointSlice/db-ns4-1",
            "update Endpoints/db"),
        cluster.writes());
  }

  @Test
  void slicesThatWaitForEachOtherAreWrittenAllTheSame() {
    cluster
        .ports("http:80>web")
        .with(
            pod("a").ready().port("web", 1).on("core", "10.0.0.1"),
            pod("b").ready().port("web", 2).on("core", "10.0.0.2"));
    assertEquals(2, cluster.reconcile().sizes().size());
    cluster
        .mayBeGoneForAMoment(true)
        .with(
            pod("a").ready().port("web", 2).on("core", "10.0.0.1"),
            pod("b").ready().port("web", 1).on("core", "10.0.0.2"))
        .reconcile();
    assertEquals(
        List.of("IPv4 [http:1/TCP] 10.0.0.2", "IPv4 [http:2/TCP] 10.0.0.1"), cluster.slices());
  }

  // What people and older versions leave.

  @Test
  void endpointInTwoSlicesStaysInOne() {
    cluster.withReady(0, 2).reconcile();
    cluster.copy("EndpointSlice/db-ns4-0", "left", "{}").reconcile();
    assertEquals(2, cluster.published().size());
    assertEquals(Map.of("db-ns4-0", 2), cluster.sizes());
    assertEquals(List.of("delete EndpointSlice/left"), cluster.writes());
  }

  @Test
  void endpointWithTwoAddressesBecomesTwo() {
    cluster.with(pod("a").ready().on("core", "10.0.0.1", "10.0.0.2")).reconcile();
    cluster
        .patch("EndpointSlice/db-ns4-0", "{'endpoints':[{'addresses':['10.0.0.1','10.0.0.2']}]}")
        .reconcile();
    assertEquals(List.of("IPv4 [] 10.0.0.1 10.0.0.2"), cluster.slices());
  }

  @Test
  void strangersInASliceGo() {
    cluster.withReady(0, 1).reconcile();
    cluster
        .patch("EndpointSlice/db-ns4-0", "{'endpoints':[{'addresses':['10.66.6.6']}]}")
        .reconcile();
    assertEquals(List.of(Cluster.address(0) + " ready serving"), cluster.published());
  }

  @Test
  void sliceWithoutListsIsRead() {
    cluster.reconcile();
    cluster.patch("EndpointSlice/db-ns4-0", "{'endpoints':null,'ports':null}").reconcile();
    assertEquals(List.of(), cluster.writes());
  }

  @Test
  void sliceThatLostItsOwnerIsAdopted() {
    cluster.withReady(0, 1).reconcile();
    cluster.patch("EndpointSlice/db-ns4-0", "{'metadata':{'ownerReferences':[]}}").reconcile();
    assertEquals(List.of("update EndpointSlice/db-ns4-0"), cluster.writes());
    assertEquals("NetService db#uid-db", cluster.controller("EndpointSlice/db-ns4-0"));
  }

  @Test
  void deletedSlicesAndEndpointsComeBack() {
    cluster.withReady(0, 1).reconcile();
    cluster.delete("EndpointSlice/db-ns4-0").delete("Endpoints/db").reconcile();
    assertEquals(List.of("create EndpointSlice/db-ns4-0", "create Endpoints/db"), cluster.writes());
  }

  @Test
  void sliceBeingDeletedHoldsNothingAndItsNameIsTaken() {
    cluster.withReady(0, 1).reconcile();
    cluster.deleting("EndpointSlice/db-ns4-0").reconcile();
    assertEquals(List.of("create EndpointSlice/db-ns4-1"), cluster.writes());
    assertEquals(List.of(), cluster.reconcile().writes());
  }

  @Test
  void endpointsBeingDeletedAreWaitedFor() {
    cluster.withReady(0, 1).reconcile();
    cluster.deleting("Endpoints/db").withReady(1, 2).reconcile();
    assertEquals(List.of("update EndpointSlice/db-ns4-0"), cluster.writes());
  }

  @Test
  void sliceOfAnotherKindOfAddressGoes() {
    cluster.withReady(0, 1).reconcile();
    cluster
        .copy("EndpointSlice/db-ns4-0", "names", "{'addressType':'FQDN','endpoints':[]}")
        .reconcile();
    assertEquals(List.of("delete EndpointSlice/names"), cluster.writes());
  }

  @Test
  void endpointsCanBeSwitchedOff() {
    cluster.withReady(0, 1).reconcile();
    cluster.withoutEndpoints().reconcile();
    assertEquals(List.of("delete Endpoints/db"), cluster.writes());
    assertFalse(cluster.has("Endpoints/db"));
  }

  // The trigger time.

  @Test
  void firstWriteTellsWhenTheNetServiceWasCreated() {
    cluster.with(pod("a").ready().since("2026-01-01T00:00:30Z").on("core", "10.0.0.1")).reconcile();
    assertEquals(Cluster.CREATED, cluster.trigger("EndpointSlice/db-ns4-0"));
    assertEquals(Cluster.CREATED, cluster.trigger("Endpoints/db"));
  }

  @Test
  void laterWriteTellsWhenThePodChanged() {
    cluster.reconcile();
    cluster.with(pod("a").ready().since("2026-01-01T00:00:30Z").on("core", "10.0.0.1")).reconcile();
    assertEquals("2026-01-01T00:00:30Z", cluster.trigger("EndpointSlice/db-ns4-0"));
    assertEquals(Cluster.CREATED, cluster.trigger("EndpointSlice/db-ns6-0"));
    assertEquals("2026-01-01T00:00:30Z", cluster.trigger("Endpoints/db"));
  }

  @Test
  void triggerTimeGoesWithAWriteThatNothingTimed() {
    cluster.with(pod("a").ready().since("2026-01-01T00:00:30Z").on("core", "10.0.0.1")).reconcile();
    cluster.with(pod("a").ready().since("2026-01-01T00:00:30Z").on("core", "10.0.0.2")).reconcile();
    assertEquals(null, cluster.trigger("EndpointSlice/db-ns4-0"));
    assertEquals(null, cluster.trigger("Endpoints/db"));
  }

  @Test
  void triggerTimeAloneIsNoReasonToWrite() {
    cluster.with(pod("a").ready().since("2026-01-01T00:00:30Z").on("core", "10.0.0.1")).reconcile();
    cluster.with(pod("a").ready().since("2026-01-01T00:00:50Z").on("core", "10.0.0.1")).reconcile();
    assertEquals(List.of(), cluster.writes());
    assertEquals(Cluster.CREATED, cluster.trigger("EndpointSlice/db-ns4-0"));
  }

  @Test
  void triggerTimeEditedByHandIsNoReasonToWrite() {
    cluster.withReady(0, 1).reconcile();
    cluster
        .patch(
            "EndpointSlice/db-ns4-0",
            "{'metadata':{'annotations':{'endpoints.kubernetes.io/last-change-trigger-time':'x'}}}")
        .reconcile();
    assertEquals(List.of(), cluster.writes());
  }

  @Test
  void repeatedWriteStillTellsTheTime() {
    cluster.reconcile();
    cluster.with(pod("a").ready().since("2026-01-01T00:00:30Z").on("core", "10.0.0.1"));
    cluster.reconcileInVain().reconcile();
    assertEquals("2026-01-01T00:00:30Z", cluster.trigger("Endpoints/db"));
  }
}
