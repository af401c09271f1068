package io.netservice.faults;

import io.netservice.bench.cluster.BenchException;
import io.netservice.faults.check.Checker.Tally;
import io.netservice.faults.check.Difference;
import io.netservice.faults.fault.Fault;
import io.netservice.faults.load.Workload.Marker;
import io.netservice.faults.report.Outcome;
import io.netservice.faults.world.Layout;
import io.netservice.faults.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;

/** Does faults to a world whose pods keep changing, and says what was seen. */
final class FaultBench {

  /** What is not right after so long will not be: a run ends then. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** So many words about a run are enough. */
  private static final int NOTES = 20;

  private final World world;
  private final long seed;

  FaultBench(World world, long seed) {
    this.world = world;
    this.seed = seed;
  }

  /**
   * Does a fault once.
   *
   * @param number which run of this fault it is; the same fault and number do the same
   */
  Outcome run(Fault fault, int number) throws InterruptedException {
    try {
      return tryRun(fault, number);
    } catch (BenchException e) {
      // Others are not to suffer from it: what runs is made anew for them.
      world.stopSyncers();
      return Outcome.failed(e.getMessage());
    }
  }

  private Outcome tryRun(Fault fault, int number) throws InterruptedException {
    Random random = new Random(seed * 31 + fault.name().hashCode() * 1009L + number);
    world.arrange(fault.layout());
    awaitSettled(fault.layout());
    Tally before = world.checker().tally();
    world.workload().resume();
    Fault.last(random, 400, 1000);

    world.checker().expect(false, fault.keepsPublished());
    int hits = fault.strike().strike(world, random);
    long ended = System.nanoTime();
    long admitted = world.awaitAdmission();
    world.workload().pause();
    List<Marker> markers = world.workload().mark();
    OptionalLong right = world.checker().awaitRight(markers, PATIENCE.plus(fault.limit()));
    List<String> notes = new ArrayList<>();
    if (right.isEmpty()) {
      world.checker().differences().forEach(each -> notes.add("not right: " + each));
    }

    // Whoever has a late word to say may say it while the pods change again.
    world.checker().expect(true, true);
    world.workload().resume();
    Fault.last(random, 200, 600);
    fault.restore().restore(world);
    world.workload().pause();
    world.checker().awaitRight(world.workload().mark(), PATIENCE);
    List<Difference> left = world.checker().read();
    left.forEach(each -> notes.add("in the end: " + each));
    List<String> overlaps = world.overlaps();
    notes.addAll(overlaps);
    List<String> failed = world.failedAdmissions();
    notes.addAll(failed);
    world.checkAlive();

    Tally seen = world.checker().tally().since(before);
    if (seen.wrong() + seen.stale() + seen.withdrawn() > 0) {
      notes.addAll(seen.told());
    }
    if (notes.size() > NOTES) {
      notes.subList(NOTES, notes.size()).clear();
    }
    return new Outcome(
        right.isPresent()
            ? OptionalDouble.of(Math.max(0, Math.max(right.getAsLong(), admitted) - ended) / 1e9)
            : OptionalDouble.empty(),
        seen.stale() + count(left, Difference.What.STALE),
        seen.wrong(),
        count(left, Difference.What.DUPLICATE),
        overlaps.size(),
        seen.withdrawn(),
        failed.size(),
        hits,
        notes);
  }

  /** Nothing is to be blamed on a fault that was wrong before it. */
  private void awaitSettled(Layout layout) throws InterruptedException {
    world.workload().pause();
    if (world.checker().awaitRight(world.workload().mark(), PATIENCE).isEmpty()) {
      // The run before has said so: others are not to suffer from it.
      world.stopSyncers();
      world.arrange(layout);
    }
    if (world.checker().awaitRight(world.workload().mark(), PATIENCE).isEmpty()) {
      throw new BenchException(
          "all was not right before the fault: " + world.checker().differences());
    }
    world.checker().expect(true, true);
  }

  private static int count(List<Difference> differences, Difference.What what) {
    return (int) differences.stream().filter(each -> each.what() == what).count();
  }
}
