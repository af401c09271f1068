package io.netservice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "15s, PT15S", "' 2m', PT2M", "1h, PT1H", "0s, PT0S"})
  void timesAreReadAsTheyAreWrittenInKubernetes(String text, Duration expected) {
    assertEquals(Optional.of(expected), Durations.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "15", "s", "-1s", "1.5s", "1 s", "1S", "1m30s", "9999999999s", "1d"})
  void whatIsNoTimeIsRefused(String text) {
    assertEquals(Optional.empty(), Durations.parse(text));
  }
}
