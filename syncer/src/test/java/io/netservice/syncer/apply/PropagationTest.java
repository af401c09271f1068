package io.netservice.syncer.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long the change of a pod takes to be written; times are nanoseconds. */
class PropagationTest {

  private final List<Long> measured = new ArrayList<>();
  private final Propagation propagation = new Propagation(this::now, measured::add);
  private long now;

  private long now() {
    return now;
  }

  private Propagation at(long time) {
    now = time;
    return propagation;
  }

  @Test
  void lastsFromTheFirstOfSeveralChangesToTheEndOfTheWrites() {
    at(10).changed("shop/db");
    at(20).changed("shop/db");
    at(30).planning("shop/db");
    at(50).carriedOut("shop/db", true);
    assertEquals(List.of(40L), measured);
  }

  @Test
  void changeThatNeedsNoWriteIsNotMeasured() {
    at(10).changed("shop/db");
    at(20).planning("shop/db");
    at(30).carriedOut("shop/db", false);
    at(40).planning("shop/db");
    at(50).carriedOut("shop/db", true);
    assertEquals(List.of(), measured);
  }

  @Test
  void writeWithoutAChangeOfAPodIsNotMeasured() {
    at(20).planning("shop/db");
    at(30).carriedOut("shop/db", true);
    assertEquals(List.of(), measured);
  }

  @Test
  void attemptsThatFailedCount() {
    at(10).changed("shop/db");
    at(20).planning("shop/db");
    at(30).changed("shop/db");
    at(40).planning("shop/db");
    at(70).carriedOut("shop/db", true);
    assertEquals(List.of(60L), measured);
  }

  @Test
  void changeDuringTheWritesIsForTheNextPlan() {
    at(10).changed("shop/db");
    at(20).planning("shop/db");
    at(30).changed("shop/db");
    at(40).carriedOut("shop/db", true);
    at(50).planning("shop/db");
    at(60).carriedOut("shop/db", true);
    assertEquals(List.of(30L, 30L), measured);
  }

  @Test
  void netServicesAreMeasuredApart() {
    at(10).changed("shop/db");
    at(20).changed("shop/web");
    propagation.planning("shop/web");
    propagation.planning("shop/db");
    at(30).carriedOut("shop/web", true);
    at(40).carriedOut("shop/db", true);
    assertEquals(List.of(10L, 30L), measured);
  }

  @Test
  void standbyMeasuresNothingAndNeitherDoesItAsALeader() {
    at(10).changed("shop/db");
    at(20).planning("shop/db");
    at(30).changed("shop/db");
    propagation.forget("shop/db");
    at(9_000).planning("shop/db");
    at(9_010).carriedOut("shop/db", true);
    assertEquals(List.of(), measured);
  }
}
