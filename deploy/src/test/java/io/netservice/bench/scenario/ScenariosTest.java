package io.netservice.bench.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScenariosTest {

  private static List<String> named(String... names) {
    return Scenarios.named(List.of(names)).stream().map(Scenario::name).toList();
  }

  @Test
  void firstPartOfANameStandsForAllThatHaveIt() {
    assertEquals(List.of("rollout-1000", "rollout-5000", "webhook"), named("webhook", "rollout"));
  }

  @Test
  void wholeNameIsThatScenarioAlone() {
    assertEquals(List.of("change-10"), named("change-10"));
  }

  @Test
  void withoutNamesAllRun() {
    assertEquals(Scenarios.all().size(), named().size());
  }

  @Test
  void nameThatDoesNotExistIsRefusedWithThoseThatDo() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> named("change-1"));
    assertTrue(error.getMessage().contains("change-10, change-100"), error.getMessage());
  }

  @Test
  void namesAreUnique() {
    assertEquals(Scenarios.all().size(), named().stream().distinct().count());
  }
}
