package io.netservice.bench.report;

import static io.netservice.bench.report.Metric.CPU;
import static io.netservice.bench.report.Metric.SLICES_P50;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netservice.bench.subject.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultTest {

  @Test
  void ratiosAreTakenWithinRounds() {
    // Both were slow in the second round: the ratio of the medians would be 0.5 x 100 / 10.
    Result result =
        new Rounds()
            .round(SLICES_P50, 5, 10)
            .round(SLICES_P50, 500, 1000)
            .round(SLICES_P50, 8, 10)
            .result();
    Distribution ratios = result.ratios(SLICES_P50, Subject.KCM);
    assertEquals(3, ratios.count());
    assertEquals(0.5, ratios.median());
    assertEquals(0.8, ratios.max());
  }

  @Test
  void roundThatWasCutShortHasNoRatio() {
    Result result = new Rounds().round(CPU, 1, 2).cutShort(CPU, 9).result();
    assertEquals(1, result.ratios(CPU, Subject.KCM).count());
    assertEquals(2, result.values(CPU, Subject.KCM).count());
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1", "1, 0, Infinity", "0, 5, 0"})
  void ratioToNothing(double ours, double theirs, double expected) {
    Result result = new Rounds().round(CPU, ours, theirs).result();
    assertEquals(expected, result.ratios(CPU, Subject.KCM).median());
  }

  @ParameterizedTest(name = "{0} against {1} at most {2}: met {3}")
  @CsvSource({"4, 10, 0.5, true", "5, 10, 0.5, true", "5.1, 10, 0.5, false"})
  void ratioGoalIsMetUpToItsBound(double ours, double theirs, double bound, boolean met) {
    Result result =
        new Rounds().goal(Goal.ratio(CPU, Subject.KCM, bound)).round(CPU, ours, theirs).result();
    assertEquals(met, result.verdicts().get(0).met());
  }

  @ParameterizedTest
  @CsvSource({"96, true", "96.5, false"})
  void valueGoalDoesNotAskWhatOthersTake(double megabytes, boolean met) {
    Result result =
        new Rounds()
            .goal(Goal.value(Metric.MEMORY, 96))
            .round(Metric.MEMORY, megabytes, 1)
            .result();
    assertEquals(met, result.verdicts().get(0).met());
  }

  @Test
  void goalThatWasNotMeasuredIsNotMet() {
    Result result = new Rounds().goal(Goal.ratio(CPU, Subject.KCM, 1)).cutShort(CPU, 1).result();
    assertFalse(result.verdicts().get(0).met());
    assertFalse(result.verdicts().get(0).isKnown());
  }

  @Test
  void lostChangesOfAllRoundsCount() {
    Result result = new Rounds().losing(1).round(CPU, 1, 1).losing(2).result();
    assertEquals(3, result.lost(Subject.OURS));
    assertEquals(0, result.lost(Subject.KCM));
    assertTrue(result.anyLost());
  }
}
