package io.netservice.bench.report;

import io.netservice.bench.cluster.Publication;
import io.netservice.bench.subject.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds results with few words. */
final class Rounds {

  private final List<Goal> goals = new ArrayList<>();
  private final List<Map<String, Outcome>> rounds = new ArrayList<>();

  Rounds goal(Goal goal) {
    goals.add(goal);
    return this;
  }

  /** A round in which a metric had these values. */
  Rounds round(Metric metric, double ours, double theirs) {
    Map<String, Outcome> round = new LinkedHashMap<>();
    round.put(Subject.KCM, new Outcome().put(metric, theirs));
    round.put(Subject.OURS, new Outcome().put(metric, ours));
    rounds.add(round);
    return this;
  }

  /** A round that ended before NetService had its turn. */
  Rounds cutShort(Metric metric, double theirs) {
    rounds.add(Map.of(Subject.KCM, new Outcome().put(metric, theirs)));
    return this;
  }

  /** A round in which NetService lost changes. */
  Rounds losing(int count) {
    rounds.add(Map.of(Subject.OURS, new Outcome().lose(count)));
    return this;
  }

  Result result() {
    return new Result(
        "change-100",
        "One pod changes among 100",
        List.of(
            new Subject(Subject.KCM, "kcm", Publication.SERVICE, List.of("kcm")),
            new Subject(Subject.OURS, "NetService", Publication.NETSERVICE, List.of("java"))),
        goals,
        rounds,
        Map.of("bytes of a pod", "6000"));
  }

  static Machine machine() {
    return new Machine(Map.of("processors", "2 x <fast> & quiet"));
  }
}
