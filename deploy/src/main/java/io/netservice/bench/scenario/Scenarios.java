package io.netservice.bench.scenario;

import java.util.List;

/** All scenarios there are. */
public final class Scenarios {

  private Scenarios() {}

  /** In the order in which they run. */
  public static List<Scenario> all() {
    return List.of(
        new ChangeScenario(10, 1.0),
        new ChangeScenario(100, 0.8),
        new ChangeScenario(1_000, 0.5),
        new ChangeScenario(10_000, 0.3),
        new RolloutScenario(1_000),
        new RolloutScenario(5_000),
        new CreateScenario(500),
        new ColdStartScenario(),
        new SelectorsScenario(2_000),
        MemoryScenario.idle(96),
        MemoryScenario.selected(10_000, 128),
        MemoryScenario.selected(50_000, 256),
        MemoryScenario.unselected(50_000),
        new WebhookScenario());
  }

  /** Those that are named; a name stands for all that begin with it and a hyphen, too. */
  public static List<Scenario> named(List<String> names) {
    for (String name : names) {
      if (all().stream().noneMatch(scenario -> matches(scenario, name))) {
        throw new IllegalArgumentException(
            "there is no scenario '%s': %s"
                .formatted(name, String.join(", ", all().stream().map(Scenario::name).toList())));
      }
    }
    return all().stream()
        .filter(
            scenario -> names.isEmpty() || names.stream().anyMatch(name -> matches(scenario, name)))
        .toList();
  }

  private static boolean matches(Scenario scenario, String name) {
    return scenario.name().equals(name) || scenario.name().startsWith(name + "-");
  }
}
