package io.netservice.bench.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.cluster.Population;
import io.netservice.bench.observe.Board.Pod;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Two groups of two pods: 0 and 1 in bench-0/web-0, 2 and 3 in bench-0/web-1. */
class BoardTest {

  private final Board board = new Board(Population.of(2, 2, 2));

  /** An event at {@code nanos}: an object shows these pods as ready and no others. */
  private void show(long nanos, String object, String service, int... ready) {
    boolean[] all = new boolean[ready.length];
    Arrays.fill(all, true);
    board.show(new Shown("bench-0/" + object, "bench-0/" + service, ready, all), nanos);
  }

  private void showNotReady(long nanos, String object, String service, int... pods) {
    board.show(
        new Shown("bench-0/" + object, "bench-0/" + service, pods, new boolean[pods.length]),
        nanos);
  }

  private OptionalLong right() throws InterruptedException {
    return board.awaitRight(Duration.ZERO);
  }

  @Test
  void allIsRightAtTheEventThatMadeItSo() throws Exception {
    board.expect(0, Pod.READY);
    board.expect(1, Pod.READY);
    show(10, "a", "web-0", 0);
    assertEquals(OptionalLong.empty(), right());
    show(20, "b", "web-0", 1);
    assertEquals(OptionalLong.of(20), right());
  }

  @Test
  void changeIsLostUntilItShows() throws Exception {
    board.expect(0, Pod.READY);
    show(10, "a", "web-0", 0);
    board.expect(0, Pod.NOT_READY);
    show(20, "a", "web-0", 0);
    assertEquals(OptionalLong.empty(), right());
    assertEquals(1, board.wrong());
    showNotReady(30, "a", "web-0", 0);
    assertEquals(OptionalLong.of(30), right());
  }

  @Test
  void podThatNobodyShowsAnyMoreIsAbsent() throws Exception {
    board.expect(0, Pod.READY);
    show(10, "a", "web-0", 0);
    show(20, "a", "web-0");
    assertEquals(1, board.wrong());
    board.expect(0, Pod.ABSENT);
    assertEquals(0, board.wrong());
  }

  @Test
  void podMayMoveFromOneObjectToAnother() throws Exception {
    board.expect(0, Pod.READY);
    show(10, "a", "web-0", 0);
    show(20, "b", "web-0", 0);
    show(30, "a", "web-0");
    assertEquals(OptionalLong.of(30), right());
    assertEquals(0, board.wrong());
  }

  @Test
  void podOfAnotherServiceIsAStray() throws Exception {
    show(10, "a", "web-0", 2);
    assertEquals(1, board.wrong());
    assertEquals(OptionalLong.empty(), right());
    show(20, "a", "web-0");
    assertEquals(OptionalLong.of(20), right());
  }

  @Test
  void addressThatNoPodHasIsAStray() {
    show(10, "a", "web-0", -1, 999);
    assertEquals(2, board.wrong());
  }

  @Test
  void podThatShouldNotShowIsWrong() {
    show(10, "a", "web-1", 3);
    assertEquals(1, board.wrong());
  }

  @Test
  void everyEventIsAWrite() {
    show(10, "a", "web-0", 0);
    show(20, "a", "web-0", 0);
    assertEquals(2, board.writes());
  }

  @Test
  void endOfTheWatchEndsTheWaiting() {
    board.expect(0, Pod.READY);
    board.fail("the watch ended");
    BenchException error =
        assertThrows(BenchException.class, () -> board.awaitRight(Duration.ofMinutes(1)));
    assertEquals("the watch ended", error.getMessage());
  }
}
