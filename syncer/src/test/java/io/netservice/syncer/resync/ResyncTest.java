package io.netservice.syncer.resync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.syncer.watch.Audit;
import io.netservice.syncer.watch.Known;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResyncTest {

  private static final Duration PERIOD = Duration.ofMinutes(10);
  private static final String KEY = "shop/db";

  private final Audit audit = mock(Audit.class);
  private long now = Long.MAX_VALUE - 1_000; // It may run over.
  private boolean leading = true;
  private final Resync resync = new Resync(audit, PERIOD, () -> leading, () -> now, new Random(1));
  private final double repairsBefore = repairs();

  @BeforeEach
  void nothingIsWrong() {
    when(audit.keys()).thenReturn(List.of(KEY));
    when(audit.isInStep()).thenReturn(true);
    when(audit.netServices()).thenReturn(views(Map.of(), Map.of()));
    when(audit.of(any())).thenReturn(views(Map.of(), Map.of()));
  }

  private static Audit.Views views(Map<String, Known> truth, Map<String, Known> cached) {
    return new Audit.Views(truth, cached);
  }

  private static Known version(String version) {
    return new Known(version, null);
  }

  private static double repairs() {
    Double count =
        CollectorRegistry.defaultRegistry.getSampleValue("netservice_syncer_resync_repairs_total");
    return count == null ? 0 : count;
  }

  private double found() {
    return repairs() - repairsBefore;
  }

  private void pass(Duration time) {
    now += time.toNanos();
    resync.step();
  }

  /** Long enough for both looks. */
  private void lookTwice() {
    resync.step();
    pass(PERIOD);
    pass(Resync.GRACE);
  }

  @Test
  void whatAgreesIsLeftAlone() {
    Map<String, Known> same = Map.of("Service", version("7"), "Pod a", new Known("", "view"));
    when(audit.of(KEY)).thenReturn(views(same, same));
    lookTwice();
    verify(audit).of(KEY);
    verify(audit, never()).repair(any());
    assertEquals(0, found());
  }

  @Test
  void cacheThatStaysWrongIsReadAgainAndCounted() {
    when(audit.of(KEY))
        .thenReturn(
            views(
                Map.of("Service", version("7"), "Pod new", new Known("", "view")),
                Map.of("Service", version("6"), "Pod gone", new Known("", "view"))));
    lookTwice();
    verify(audit).repair(KEY);
    assertEquals(3, found());
  }

  @Test
  void sameVersionWithAnotherContentIsWrong() {
    when(audit.of(KEY))
        .thenReturn(
            views(
                Map.of("EndpointSlice a", new Known("7", "right")),
                Map.of("EndpointSlice a", new Known("7", "wrong"))));
    lookTwice();
    verify(audit).repair(KEY);
  }

  @Test
  void contentThatIsNotKnownIsNotWrong() {
    when(audit.of(KEY))
        .thenReturn(
            views(
                Map.of("EndpointSlice a", new Known("7", "right")),
                Map.of("EndpointSlice a", version("7"))));
    lookTwice();
    verify(audit, never()).repair(any());
  }

  @Test
  void cacheThatIsAMomentBehindIsNotWrong() {
    when(audit.of(KEY))
        .thenReturn(views(Map.of("Service", version("7")), Map.of("Service", version("6"))))
        .thenReturn(views(Map.of("Service", version("9")), Map.of("Service", version("8"))));
    lookTwice();
    verify(audit, never()).repair(any());
    assertEquals(0, found());
  }

  @Test
  void listOfNetServicesIsComparedToo() {
    when(audit.netServices()).thenReturn(views(Map.of("shop/new", version("7")), Map.of()));
    lookTwice();
    verify(audit).repair("");
    assertEquals(1, found());
  }

  @Test
  void whileAWatchIsBehindNothingIsFound() {
    when(audit.of(KEY)).thenReturn(views(Map.of("Service", version("7")), Map.of()));
    when(audit.isInStep()).thenReturn(false);
    lookTwice();
    verify(audit, never()).of(any());
    when(audit.isInStep()).thenReturn(true);
    pass(Resync.GRACE);
    when(audit.isInStep()).thenReturn(false);
    pass(Resync.GRACE);
    when(audit.isInStep()).thenReturn(true);
    pass(Resync.GRACE);
    verify(audit, never()).repair(any());
    pass(Resync.GRACE);
    verify(audit).repair(KEY);
  }

  @Test
  void standbyAsksNothing() {
    leading = false;
    lookTwice();
    verify(audit, never()).of(any());
    verify(audit, never()).netServices();
  }

  @Test
  void apiServerThatIsAwayIsNoFinding() {
    when(audit.of(KEY)).thenThrow(new KubernetesClientException("away"));
    lookTwice();
    verify(audit, never()).repair(any());
  }

  @Test
  void looksAreSpreadOverThePeriodAndEachComesAboutOnceInIt() {
    List<String> keys = IntStream.range(0, 600).mapToObj(i -> "shop/db-" + i).toList();
    when(audit.keys()).thenReturn(keys);
    List<String> looked = new ArrayList<>();
    when(audit.of(any()))
        .thenAnswer(
            call -> {
              looked.add(call.getArgument(0));
              return views(Map.of(), Map.of());
            });
    int most = 0;
    int total = 0;
    for (int second = 0; second < 1_200; second++) {
      pass(Duration.ofSeconds(1));
      most = Math.max(most, looked.size());
      total += looked.size();
      looked.clear();
    }
    assertTrue(most <= 10, "at once: " + most);
    assertTrue(total >= 1_100 && total <= 1_300, "in two periods: " + total);
  }
}
