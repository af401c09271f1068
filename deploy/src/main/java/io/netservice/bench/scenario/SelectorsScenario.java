package io.netservice.bench.scenario;

import io.netservice.bench.cluster.Population;
import io.netservice.bench.observe.Board;
import io.netservice.bench.report.Goal;
import io.netservice.bench.report.Metric;
import io.netservice.bench.report.Outcome;
import io.netservice.bench.subject.Subject;
import java.util.List;
import java.util.Map;

/**
 * What many selectors cost, each of one pod: for NetService each of them is a watch. The time
 * counts from the start of the subject, when all of them and their pods are there.
 */
final class SelectorsScenario implements Scenario {

  private static final int PER_NAMESPACE = 10;

  private final int selectors;
  private final Population population;

  SelectorsScenario(int selectors) {
    this.selectors = selectors;
    this.population = Population.of(selectors, 1, PER_NAMESPACE);
  }

  @Override
  public String name() {
    return "selectors-" + selectors;
  }

  @Override
  public String title() {
    return "%,d Services (NetServices) over %d namespaces, each with a selector of its own, at a start"
        .formatted(selectors, selectors / PER_NAMESPACE);
  }

  @Override
  public List<String> subjects() {
    return List.of(Subject.KCM_RAISED, Subject.OURS);
  }

  @Override
  public List<Goal> goals() {
    return List.of();
  }

  @Override
  public Map<String, String> prepare(Bench bench) {
    return bench.populate(population, true);
  }

  @Override
  public Outcome turn(Bench bench, Subject subject) throws InterruptedException {
    Outcome outcome = new Outcome();
    try (Turn turn = new Turn(bench, subject, population)) {
      turn.publish(population.groups());
      population.groups().forEach(group -> turn.expect(group, Board.Pod.READY));
      turn.markStart();
      turn.start();
      turn.noteTimes(outcome, turn.running().started());
      turn.note(outcome);
      outcome
          .put(Metric.THREADS, turn.running().threads())
          .put(Metric.CONNECTIONS, turn.running().connections());
      return outcome.lose(turn.wrong());
    }
  }
}
