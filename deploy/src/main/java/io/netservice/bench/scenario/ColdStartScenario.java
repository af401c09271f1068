package io.netservice.bench.scenario;

import io.netservice.bench.cluster.Group;
import io.netservice.bench.cluster.PodBodies;
import io.netservice.bench.cluster.Population;
import io.netservice.bench.observe.Board;
import io.netservice.bench.report.Goal;
import io.netservice.bench.report.Metric;
import io.netservice.bench.report.Outcome;
import io.netservice.bench.subject.Subject;
import java.util.List;
import java.util.Map;

/** A controller comes back after pods have changed: how long until all is right again? */
final class ColdStartScenario implements Scenario {

  private static final int SERVICES = 100;
  private static final int PODS = 20;
  private static final int PER_NAMESPACE = 10;
  private static final int CHANGES = 4;

  private final Population population = Population.of(SERVICES, PODS, PER_NAMESPACE);

  @Override
  public String name() {
    return "coldstart";
  }

  @Override
  public String title() {
    return "%d Services of %d pods, %d changes of each while the controller is down: the time from its start until all is right"
        .formatted(SERVICES, PODS, CHANGES);
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
    bench.progress().accept("making all pods ready");
    changed(bench, true);
    try (Turn turn = new Turn(bench, subject, population)) {
      turn.publish(population.groups());
      population.groups().forEach(group -> turn.expect(group, Board.Pod.READY));
      turn.start();
      turn.awaitRight();
      turn.awaitSilence();
      turn.stop();
      bench.progress().accept("changing pods while it is down");
      changed(bench, false);
      for (Group group : population.groups()) {
        for (int i = 0; i < CHANGES; i++) {
          turn.expect(group.first() + i, Board.Pod.NOT_READY);
        }
      }
      turn.markStart();
      turn.start();
      turn.noteTimes(outcome, turn.running().started());
      turn.note(outcome);
      return outcome.lose(turn.wrong());
    }
  }

  /** Turns the readiness of the first pods of each group. */
  private void changed(Bench bench, boolean ready) {
    bench
        .api()
        .each(
            SERVICES * CHANGES,
            i -> {
              Group group = population.groups().get(i / CHANGES);
              bench
                  .api()
                  .patch(group.statusPath(group.first() + i % CHANGES), PodBodies.ready(ready));
            });
  }
}
