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
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** Many pods of one Service become ready as fast as they can be written. */
final class RolloutScenario implements Scenario {

  private final Population population;
  private final int pods;

  RolloutScenario(int pods) {
    this.pods = pods;
    this.population = Population.of(1, pods, 1);
  }

  @Override
  public String name() {
    return "rollout-" + pods;
  }

  @Override
  public String title() {
    return "%,d pods become ready as fast as one client can write them: the lag after the last"
        .formatted(pods);
  }

  @Override
  public List<String> subjects() {
    return List.of(Subject.KCM, Subject.OURS);
  }

  @Override
  public List<Goal> goals() {
    return List.of(
        Goal.ratio(Metric.SLICES_LAG, Subject.KCM, 1.0),
        Goal.ratio(Metric.SLICES_WRITES, Subject.KCM, 0.5),
        Goal.ratio(Metric.ENDPOINTS_WRITES, Subject.KCM, 0.5),
        Goal.ratio(Metric.CPU, Subject.KCM, 1.0));
  }

  @Override
  public Map<String, String> prepare(Bench bench) {
    return bench.populate(population, false);
  }

  @Override
  public Outcome turn(Bench bench, Subject subject) throws InterruptedException {
    Group group = population.last();
    bench.progress().accept("making all pods not ready");
    bench.api().each(pods, pod -> bench.api().patch(group.statusPath(pod), PodBodies.ready(false)));
    Outcome outcome = new Outcome();
    try (Turn turn = new Turn(bench, subject, population)) {
      turn.publish(population.groups());
      turn.expect(group, Board.Pod.NOT_READY);
      turn.start();
      turn.awaitRight();
      new Changes(turn, bench.settings(), false).warmUp(group);
      turn.mark();
      bench.progress().accept("rolling out");
      AtomicLong lastAnswer = new AtomicLong(Long.MIN_VALUE);
      bench.api().each(pods, pod -> lastAnswer.accumulateAndGet(turn.write(pod, true), Math::max));
      OptionalLong inSlices = turn.observer().slices().awaitRight(bench.settings().bulkLimit());
      inSlices.ifPresent(
          seen -> outcome.put(Metric.SLICES_LAG, Changes.milliseconds(seen - lastAnswer.get())));
      if (turn.endpointsTell()) {
        turn.observer()
            .endpoints()
            .awaitRight(bench.settings().bulkLimit())
            .ifPresent(
                seen ->
                    outcome.put(
                        Metric.ENDPOINTS_LAG, Changes.milliseconds(seen - lastAnswer.get())));
      }
      turn.note(outcome);
      return outcome.lose(turn.wrong());
    }
  }
}
