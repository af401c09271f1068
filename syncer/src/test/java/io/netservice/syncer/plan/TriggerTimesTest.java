package io.netservice.syncer.plan;

import static io.netservice.syncer.plan.Pods.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netservice.api.NetService;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The cases of trigger_time_tracker_test.go of k8s.io/endpointslice, and what differs. */
class TriggerTimesTest {

  private static final String T0 = "2026-01-01T00:00:00Z";
  private static final String T1 = "2026-01-01T00:01:00Z";
  private static final String T2 = "2026-01-01T00:02:00Z";
  private static final String T3 = "2026-01-01T00:03:00Z";

  private final TriggerTimes times = new TriggerTimes();
  private String created = T0;

  private String next(Pods... pods) {
    NetService owner = new NetService();
    owner.getMetadata().setCreationTimestamp(created);
    Optional<String> time =
        times.next("shop/db", owner, Arrays.stream(pods).map(Pods::view).toList());
    return time.orElse("none");
  }

  private String carriedOut(Pods... pods) {
    String time = next(pods);
    times.carriedOut("shop/db");
    return time;
  }

  @Test
  void newNetServiceHasItsCreationTime() {
    assertEquals(T0, carriedOut(pod("a").since(T1)));
  }

  @Test
  void newPodHasTheTimeOfItsReadiness() {
    carriedOut(pod("a").since(T1));
    assertEquals(T2, carriedOut(pod("a").since(T1), pod("b").since(T2)));
  }

  @Test
  void earliestOfSeveralChangesCounts() {
    carriedOut(pod("a").since(T0), pod("b").since(T0));
    assertEquals(T1, carriedOut(pod("a").since(T2), pod("b").since(T1)));
  }

  @Test
  void nothingChangedIsNoTime() {
    carriedOut(pod("a").since(T1));
    assertEquals("none", carriedOut(pod("a").since(T1)));
  }

  @Test
  void podThatGoesTellsNoTime() {
    carriedOut(pod("a").since(T1), pod("b").since(T1));
    assertEquals("none", carriedOut(pod("a").since(T1)));
  }

  @Test
  void podThatComesBackTellsItsTimeAgain() {
    carriedOut(pod("a").since(T1));
    carriedOut();
    assertEquals(T1, carriedOut(pod("a").since(T1)));
  }

  @Test
  void podWithoutReadinessTellsNoTime() {
    carriedOut();
    assertEquals("none", carriedOut(pod("a")));
  }

  @Test
  void netServiceCreatedAnewTellsItsTime() {
    carriedOut(pod("a").since(T1));
    created = T3;
    assertEquals(T3, carriedOut(pod("a").since(T1)));
  }

  @Test
  void timeWaitsUntilThePlanWasCarriedOut() {
    carriedOut();
    assertEquals(T2, next(pod("a").since(T2)));
    assertEquals(T2, next(pod("a").since(T2)));
    assertEquals(T1, carriedOut(pod("a").since(T2), pod("b").since(T1)));
    assertEquals("none", carriedOut(pod("a").since(T2), pod("b").since(T1)));
  }

  @Test
  void forgottenNetServiceIsNew() {
    carriedOut(pod("a").since(T1));
    times.forget("shop/db");
    assertEquals(T0, carriedOut(pod("a").since(T1)));
  }
}
