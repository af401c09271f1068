package io.netservice.bench.scenario;

import io.netservice.bench.cluster.Population;
import io.netservice.bench.observe.Board;
import io.netservice.bench.report.Goal;
import io.netservice.bench.report.Metric;
import io.netservice.bench.report.Outcome;
import io.netservice.bench.subject.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One pod among many changes its readiness: how long until that is published? */
final class ChangeScenario implements Scenario {

  /** From so many pods on the goal for CPU holds. */
  private static final int CPU_GOAL_FROM = 100;

  /**
   * From so many pods on fewer changes are made and more time is left to each: Endpoints, which
   * can't tell there when all is right, take kube-controller-manager longer than the usual pace.
   */
  private static final int FEWER_FROM = 10_000;

  private final Population population;
  private final int pods;
  private final double delayGoal;

  ChangeScenario(int pods, double delayGoal) {
    this.pods = pods;
    this.delayGoal = delayGoal;
    this.population = Population.of(1, pods, 1);
  }

  @Override
  public String name() {
    return "change-" + pods;
  }

  @Override
  public String title() {
    return "One pod's readiness changes among %,d ready pods".formatted(pods);
  }

  @Override
  public List<String> subjects() {
    return List.of(Subject.KCM, Subject.OURS);
  }

  @Override
  public List<Goal> goals() {
    List<Goal> goals = new ArrayList<>();
    goals.add(Goal.ratio(Metric.SLICES_P50, Subject.KCM, delayGoal));
    goals.add(Goal.ratio(Metric.SLICES_P99, Subject.KCM, delayGoal));
    if (pods >= CPU_GOAL_FROM) {
      goals.add(Goal.ratio(Metric.CPU, Subject.KCM, 0.5));
    }
    return goals;
  }

  @Override
  public Map<String, String> prepare(Bench bench) {
    return bench.populate(population, true);
  }

  @Override
  public Outcome turn(Bench bench, Subject subject) throws InterruptedException {
    Settings settings = pods >= FEWER_FROM ? bench.settings().fewer(4) : bench.settings();
    Outcome outcome = new Outcome();
    try (Turn turn = new Turn(bench, subject, population)) {
      turn.publish(population.groups());
      turn.expect(population.last(), Board.Pod.READY);
      turn.start();
      turn.awaitRight();
      Changes changes = new Changes(turn, settings, true);
      changes.warmUp(population.last());
      turn.mark();
      Changes.Seen seen = changes.measure(population.last());
      turn.note(outcome);
      return outcome
          .put(
              seen.slices(),
              Metric.SLICES_P50,
              Metric.SLICES_P90,
              Metric.SLICES_P99,
              Metric.SLICES_MAX)
          .put(
              seen.endpoints(),
              Metric.ENDPOINTS_P50,
              Metric.ENDPOINTS_P90,
              Metric.ENDPOINTS_P99,
              Metric.ENDPOINTS_MAX)
          .lose(seen.lost());
    }
  }
}
