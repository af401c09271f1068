package io.netservice.bench.scenario;

import io.netservice.bench.report.Goal;
import io.netservice.bench.report.Outcome;
import io.netservice.bench.subject.Subject;
import java.util.List;
import java.util.Map;

/** Work that every subject does in turn, each alone, on one cluster that is made for it. */
public interface Scenario {

  /** The name on the command line. */
  String name();

  /** What is done and measured, in a sentence. */
  String title();

  /** The ids of the subjects that it compares, in the order of their turns. */
  List<String> subjects();

  /** Whether further syncers can be measured beside. */
  default boolean takesOtherSyncers() {
    return true;
  }

  /** What NetService must reach. */
  List<Goal> goals();

  /**
   * Makes what every turn needs, once; no subject runs.
   *
   * @return what is worth knowing beside the figures
   */
  Map<String, String> prepare(Bench bench) throws InterruptedException;

  /** Has {@code subject}, which does not run yet, do the work, and ends it. */
  Outcome turn(Bench bench, Subject subject) throws InterruptedException;
}
