package io.netservice.bench.scenario;

import io.netservice.bench.cluster.Population;
import io.netservice.bench.observe.Board;
import io.netservice.bench.report.Goal;
import io.netservice.bench.report.Metric;
import io.netservice.bench.report.Outcome;
import io.netservice.bench.subject.Running;
import io.netservice.bench.subject.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What a controller keeps in memory once it has come to rest. */
final class MemoryScenario implements Scenario {

  private static final int GROUP = 100;
  private static final int PER_NAMESPACE = 5;

  private static final double LIVE_HEAP_GOAL_BYTES = 2048;

  /** The resident memory of a JVM differs by that much from one start to the next. */
  private static final double NO_CHANGE_MEGABYTES = 5;

  private final String name;
  private final int pods;
  private final boolean selected;
  private final Population population;
  private final List<Goal> goals = new ArrayList<>();
  private double idleMegabytes;
  private OptionalLong idleHeap = OptionalLong.empty();

  private MemoryScenario(String name, int pods, boolean selected) {
    this.name = name;
    this.pods = pods;
    this.selected = selected;
    this.population = Population.of(pods / GROUP, GROUP, PER_NAMESPACE);
  }

  /** Nothing to do at all. */
  static MemoryScenario idle(double goalMegabytes) {
    MemoryScenario scenario = new MemoryScenario("memory-idle", 0, false);
    scenario.goals.add(Goal.value(Metric.MEMORY, goalMegabytes));
    return scenario;
  }

  /** So many pods, all of them published. */
  static MemoryScenario selected(int pods, double goalMegabytes) {
    MemoryScenario scenario = new MemoryScenario("memory-" + pods, pods, true);
    scenario.goals.add(Goal.value(Metric.MEMORY, goalMegabytes));
    scenario.goals.add(Goal.value(Metric.LIVE_HEAP_PER_POD, LIVE_HEAP_GOAL_BYTES));
    return scenario;
  }

  /** So many pods that no Service and no NetService selects. */
  static MemoryScenario unselected(int pods) {
    MemoryScenario scenario = new MemoryScenario("memory-unselected-" + pods, pods, false);
    scenario.goals.add(Goal.value(Metric.MEMORY_OVER_IDLE, NO_CHANGE_MEGABYTES));
    return scenario;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String title() {
    return pods == 0
        ? "Resident memory with nothing to do"
        : "Resident memory with %,d pods, %s"
            .formatted(
                pods,
                selected
                    ? "published by %d Services (NetServices)".formatted(pods / GROUP)
                    : "which no Service (NetService) selects");
  }

  @Override
  public List<String> subjects() {
    return List.of(Subject.KCM, Subject.OURS);
  }

  @Override
  public List<Goal> goals() {
    return List.copyOf(goals);
  }

  @Override
  public Map<String, String> prepare(Bench bench) throws InterruptedException {
    Map<String, String> facts = new LinkedHashMap<>();
    if (pods > 0) {
      try (Turn turn = new Turn(bench, bench.programs().syncer(), Population.none())) {
        turn.start();
        idleMegabytes = settle(bench, turn.running());
        idleHeap = turn.running().liveHeapBytes();
      }
      facts.put("idle before", "%.0f MB".formatted(idleMegabytes));
      facts.putAll(bench.populate(population, true));
    }
    return facts;
  }

  @Override
  public Outcome turn(Bench bench, Subject subject) throws InterruptedException {
    Outcome outcome = new Outcome();
    try (Turn turn = new Turn(bench, subject, population)) {
      if (selected) {
        turn.publish(population.groups());
        population.groups().forEach(group -> turn.expect(group, Board.Pod.READY));
      }
      turn.markStart();
      turn.start();
      if (selected) {
        turn.noteTimes(outcome, turn.running().started());
      }
      double settled = settle(bench, turn.running());
      turn.note(outcome);
      outcome.put(Metric.MEMORY, settled);
      if (subject.id().equals(Subject.OURS) && pods > 0) {
        if (!selected) {
          outcome.put(Metric.MEMORY_OVER_IDLE, settled - idleMegabytes);
        }
        OptionalLong heap = turn.running().liveHeapBytes();
        if (heap.isPresent() && idleHeap.isPresent()) {
          outcome.put(
              Metric.LIVE_HEAP_PER_POD, (heap.getAsLong() - idleHeap.getAsLong()) / (double) pods);
        }
      }
      return outcome.lose(turn.wrong());
    }
  }

  private static double settle(Bench bench, Running running) throws InterruptedException {
    return Turn.megabytes(running.settledBytes(bench.settings().settle(), bench.progress()));
  }
}
