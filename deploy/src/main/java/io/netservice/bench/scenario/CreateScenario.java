package io.netservice.bench.scenario;

import io.netservice.bench.cluster.Group;
import io.netservice.bench.cluster.Population;
import io.netservice.bench.observe.Board;
import io.netservice.bench.report.Goal;
import io.netservice.bench.report.Metric;
import io.netservice.bench.report.Outcome;
import io.netservice.bench.subject.Subject;
import java.util.List;
import java.util.Map;

/** Many Services are made at once, of pods that are there and ready. */
final class CreateScenario implements Scenario {

  private static final int PODS = 20;
  private static final int PER_NAMESPACE = 10;
  private static final int WARM_PODS = 10;

  private final int services;

  /** The Services that are made at once, and behind them one to warm up with. */
  private final Population population;

  CreateScenario(int services) {
    this.services = services;
    this.population = Population.of(services, PODS, PER_NAMESPACE).and("warm", WARM_PODS);
  }

  @Override
  public String name() {
    return "create-" + services;
  }

  @Override
  public String title() {
    return "%d Services (NetServices) of %d ready pods are created at once"
        .formatted(services, PODS);
  }

  @Override
  public List<String> subjects() {
    return List.of(Subject.KCM, Subject.KCM_RAISED, Subject.OURS);
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        Goal.ratio(Metric.SLICES_TIME, Subject.KCM_RAISED, 1.0),
        Goal.ratio(Metric.SLICES_TIME, Subject.KCM, 1.0));
  }

  @Override
  public Map<String, String> prepare(Bench bench) {
    return bench.populate(population, true);
  }

  @Override
  public Outcome turn(Bench bench, Subject subject) throws InterruptedException {
    Outcome outcome = new Outcome();
    Group warm = population.last();
    List<Group> created = population.groups().subList(0, services);
    try (Turn turn = new Turn(bench, subject, population)) {
      turn.publish(List.of(warm));
      turn.expect(warm, Board.Pod.READY);
      turn.start();
      turn.awaitRight();
      new Changes(turn, bench.settings(), true).warmUp(warm);
      turn.mark();
      created.forEach(group -> turn.expect(group, Board.Pod.READY));
      bench.progress().accept("creating");
      long began = System.nanoTime();
      turn.publish(created);
      turn.noteTimes(outcome, began);
      turn.note(outcome);
      return outcome.lose(turn.wrong());
    }
  }
}
