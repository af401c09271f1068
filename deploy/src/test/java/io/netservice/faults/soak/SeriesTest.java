package io.netservice.faults.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class SeriesTest {

  private static Series over60s(IntToDoubleFunction value) {
    Series series = new Series();
    for (int second = 0; second <= 60; second++) {
      series.add(second, value.applyAsDouble(second));
    }
    return series;
  }

  @Test
  void growthIsThatOfTheSecondHalf() {
    assertEquals(30, over60s(second -> 100 + second).growth(), 1e-9);
    assertEquals(0, over60s(second -> Math.min(second, 30)).growth(), 1e-9);
  }

  @Test
  void whatGoesUpAndDownIsFlatAndWhatLeaksIsNot() {
    assertTrue(over60s(second -> 100 + second % 2 * 10).isFlat());
    assertTrue(over60s(second -> second % 30 == 0 ? 20 : 10 + second % 30 / 3.0).isFlat());
    assertFalse(over60s(second -> 100 + second / 2.0 + second % 2 * 10).isFlat());
  }

  @Test
  void valuesAreThoseOfTheirTime() {
    Series series = over60s(second -> second == 40 ? 1000 : second);
    assertEquals(0, series.first());
    assertEquals(5, series.after(4.5));
    assertEquals(60, series.after(1e9));
    assertEquals(60, series.last());
    assertEquals(1000, series.largest());
  }
}
