package io.netservice.bench.scenario;

import io.netservice.bench.cluster.Group;
import io.netservice.bench.report.Distribution;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Changes of one pod at a time: a ready one becomes not ready, then ready again, or the other way
 * round. Each begins once the one before is visible.
 */
final class Changes {

  /**
   * How long it took from the API server's answer to the write of a pod to the event that shows it,
   * in milliseconds.
   */
  record Seen(Distribution slices, Distribution endpoints, int lost) {}

  private final Turn turn;
  private final Settings settings;
  private final boolean readyBefore;
  private final Random random = new Random(1);

  /**
   * Changes of pods.
   *
   * @param readyBefore whether the pods are ready to begin with; so they are again in the end
   */
  Changes(Turn turn, Settings settings, boolean readyBefore) {
    this.turn = turn;
    this.readyBefore = readyBefore;
    this.settings = settings;
  }

  /** Warms up: as the measured changes, unmeasured. */
  void warmUp(Group group) throws InterruptedException {
    run(group, settings.warmUp(), "warming up");
  }

  /** Makes the changes that count. */
  Seen measure(Group group) throws InterruptedException {
    return run(group, settings.changes(), "changes");
  }

  private Seen run(Group group, int count, String what) throws InterruptedException {
    List<Double> slices = new ArrayList<>();
    List<Double> endpoints = new ArrayList<>();
    int lost = 0;
    int pod = group.first();
    long next = System.nanoTime();
    // Even, so that all pods are in the end as they were.
    int changes = count + count % 2;
    for (int i = 0; i < changes; i++) {
      awaitTime(next);
      next = System.nanoTime() + settings.pace().toNanos();
      boolean back = i % 2 == 1;
      if (!back) {
        pod = group.first() + random.nextInt(group.size());
      }
      long answered = turn.write(pod, back == readyBefore);
      OptionalLong inSlices = turn.observer().slices().awaitRight(settings.limit());
      inSlices.ifPresent(seen -> slices.add(milliseconds(seen - answered)));
      OptionalLong inEndpoints = inSlices;
      if (turn.endpointsTell()) {
        inEndpoints = turn.observer().endpoints().awaitRight(settings.limit());
        inEndpoints.ifPresent(seen -> endpoints.add(milliseconds(seen - answered)));
      }
      lost += inSlices.isPresent() && inEndpoints.isPresent() ? 0 : 1;
      if (i % 10 == 9) {
        turn.bench().progress().accept("%s: %d of %d".formatted(what, i + 1, changes));
      }
    }
    return new Seen(Distribution.of(slices), Distribution.of(endpoints), lost);
  }

  static double milliseconds(long nanos) {
    return nanos / 1e6;
  }

  private static void awaitTime(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
