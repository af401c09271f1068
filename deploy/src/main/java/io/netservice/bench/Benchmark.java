package io.netservice.bench;

import io.netservice.bench.cluster.Cluster;
import io.netservice.bench.report.Outcome;
import io.netservice.bench.report.Result;
import io.netservice.bench.scenario.Bench;
import io.netservice.bench.scenario.Scenario;
import io.netservice.bench.scenario.Settings;
import io.netservice.bench.subject.Programs;
import io.netservice.bench.subject.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs scenarios: each on a cluster of its own, in rounds, and in a round every subject once, so
 * that what disturbs the machine for a while disturbs all of them.
 */
final class Benchmark {

  private final Path root;
  private final Programs programs;
  private final List<Subject> others;
  private final List<String> only;
  private final Settings settings;
  private final int rounds;
  private final Progress progress;
  private Path binaries;

  /**
   * A benchmark of the programs in a checkout.
   *
   * @param others further syncers to measure beside the first
   * @param only the ids of the subjects to measure beside {@code others}, empty for all
   */
  Benchmark(
      Path root,
      Programs programs,
      List<Subject> others,
      List<String> only,
      Settings settings,
      int rounds,
      Progress progress) {
    this.root = root;
    this.programs = programs;
    this.others = List.copyOf(others);
    this.only = List.copyOf(only);
    this.settings = settings;
    this.rounds = rounds;
    this.progress = progress;
  }

  /**
   * Runs a scenario.
   *
   * @param position what to show of it, such as {@code 3/12}
   */
  Result run(Scenario scenario, String position) throws InterruptedException {
    String what = position + " " + scenario.name();
    progress.begin(what + ", a new control plane");
    List<Path> manifests =
        List.of(
            root.resolve("deploy/base/crd/netservices.netservice.cni.cncf.io.yaml"),
            root.resolve("deploy/samples/crd/network-attachment-definitions.yaml"));
    try (Cluster cluster = Cluster.start(manifests, progress::step)) {
      binaries = cluster.binaries();
      Bench bench = new Bench(cluster, programs, settings, progress::step);
      progress.begin(what + ", preparing");
      Map<String, String> facts = scenario.prepare(bench);
      List<Subject> subjects = subjects(scenario, cluster);
      List<Map<String, Outcome>> outcomes = new ArrayList<>();
      for (int round = 1; round <= rounds; round++) {
        Map<String, Outcome> outcome = new LinkedHashMap<>();
        outcomes.add(outcome);
        for (Subject subject : subjects) {
          String turn = "%s, round %d of %d, %s".formatted(what, round, rounds, subject.title());
          progress.begin(turn);
          Outcome result = scenario.turn(bench, subject);
          outcome.put(subject.id(), result);
          progress.line("      " + turn + ": " + summary(result));
        }
      }
      return new Result(
          scenario.name(), scenario.title(), subjects, scenario.goals(), outcomes, facts);
    }
  }

  /** The programs of Kubernetes that the last scenario ran on. */
  Path binaries() {
    return binaries;
  }

  private List<Subject> subjects(Scenario scenario, Cluster cluster) {
    List<Subject> subjects = new ArrayList<>();
    for (String id : scenario.subjects()) {
      subjects.add(
          switch (id) {
            case Subject.KCM -> Programs.kubeControllerManager(cluster.binaries(), false);
            case Subject.KCM_RAISED -> Programs.kubeControllerManager(cluster.binaries(), true);
            case Subject.OURS -> programs.syncer();
            default -> throw new IllegalStateException("no such subject: " + id);
          });
    }
    subjects.removeIf(each -> !only.isEmpty() && !only.contains(each.id()));
    if (scenario.takesOtherSyncers()) {
      subjects.addAll(others);
    }
    return subjects;
  }

  private static String summary(Outcome outcome) {
    return outcome.values().entrySet().stream()
            .map(each -> each.getKey().label() + " " + each.getKey().unit().show(each.getValue()))
            .collect(Collectors.joining(", "))
        + (outcome.lost() > 0 ? ", LOST " + outcome.lost() : "");
  }
}
