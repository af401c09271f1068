package io.netservice.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {

  /** The values 1 to {@code count}, largest first. */
  private static Distribution upTo(int count) {
    return Distribution.of(
        DoubleStream.iterate(count, value -> value - 1).limit(count).boxed().toList());
  }

  @ParameterizedTest(name = "p{1} of {0} values is number {2}")
  @CsvSource({
    "200, 50, 100",
    "200, 99, 198",
    "200, 100, 200",
    "10, 99, 10",
    "10, 90, 9",
    "10, 91, 10",
    "1, 50, 1",
    "3, 0.1, 1",
  })
  void percentileIsTheNearestRank(int count, double percent, double expected) {
    assertEquals(expected, upTo(count).percentile(percent));
  }

  @ParameterizedTest
  @CsvSource({"3, 2", "4, 2.5", "1, 1"})
  void medianIsTheMiddle(int count, double expected) {
    assertEquals(expected, upTo(count).median());
  }

  @Test
  void nothingHasNoPercentile() {
    Distribution nothing = Distribution.of(List.of());
    assertEquals(0, nothing.count());
    assertEquals(Double.NaN, nothing.percentile(50));
    assertEquals(Double.NaN, nothing.median());
    assertEquals(Double.NaN, nothing.max());
    assertEquals(Double.NaN, nothing.min());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 100.1, Double.NaN})
  void percentilesThatCannotBeAreRefused(double percent) {
    Distribution values = upTo(3);
    assertThrows(IllegalArgumentException.class, () -> values.percentile(percent));
  }
}
