package io.netservice.bench.scenario;

import io.netservice.bench.cluster.BenchException;
import io.netservice.bench.cluster.Group;
import io.netservice.bench.cluster.PodBodies;
import io.netservice.bench.cluster.Population;
import io.netservice.bench.observe.Board;
import io.netservice.bench.observe.Observer;
import io.netservice.bench.report.Metric;
import io.netservice.bench.report.Outcome;
import io.netservice.bench.subject.Running;
import io.netservice.bench.subject.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One subject at work alone, with an observer. A turn begins with nothing published and no subject
 * running.
 */
final class Turn implements AutoCloseable {

  /** kube-controller-manager stops to list addresses in Endpoints there, and so does the syncer. */
  private static final int MOST_IN_ENDPOINTS = 1000;

  /** Longer than any of the subjects waits before it writes. */
  private static final Duration SILENCE = Duration.ofMillis(1500);

  private final Bench bench;
  private final Subject subject;
  private final Population population;
  private final int[] groupOf;
  private final Observer observer;
  private final boolean endpointsTell;
  private Running running;
  private double cpuBefore;
  private int slicesBefore;
  private int endpointsBefore;

  Turn(Bench bench, Subject subject, Population population) {
    this.bench = bench;
    this.subject = subject;
    this.population = population;
    this.groupOf = population.groupOfPods();
    this.endpointsTell =
        population.groups().stream().allMatch(group -> group.size() <= MOST_IN_ENDPOINTS);
    bench.progress().accept("removing what was published before");
    bench.cluster().withdraw(population);
    this.observer = Observer.open(bench.cluster(), population, subject.publication());
  }

  Bench bench() {
    return bench;
  }

  Observer observer() {
    return observer;
  }

  /** Whether Endpoints can show every pod, so that they tell whether all is right. */
  boolean endpointsTell() {
    return endpointsTell;
  }

  /** The subject's process. */
  Running running() {
    return running;
  }

  /** Starts the subject; stops the one before, if there was one. */
  void start() {
    stop();
    bench.progress().accept("starting");
    Path log = bench.cluster().folder().resolve("subject-" + subject.id() + ".log");
    running = Running.start(subject, bench.cluster().kubeconfig(), log, observer::fail);
  }

  /** Ends the subject. */
  void stop() {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  /** Asks for {@code groups} to be published. */
  void publish(List<Group> groups) {
    bench.cluster().publish(groups, subject.publication());
  }

  /** From now on all pods of {@code group} should be shown like this. */
  void expect(Group group, Board.Pod state) {
    for (int pod = group.first(); pod < group.first() + group.size(); pod++) {
      expect(pod, state);
    }
  }

  /** From now on a pod should be shown like this. */
  void expect(int pod, Board.Pod state) {
    observer.slices().expect(pod, state);
    if (endpointsTell) {
      observer.endpoints().expect(pod, state);
    }
  }

  /** Turns the readiness of a pod, expecting that it is shown, and gives the answer's moment. */
  long write(int pod, boolean ready) {
    expect(pod, ready ? Board.Pod.READY : Board.Pod.NOT_READY);
    Group group = population.groups().get(groupOf[pod]);
    return bench.api().patch(group.statusPath(pod), PodBodies.ready(ready)).nanos();
  }

  /** Waits for what must have happened before anything can be measured. */
  void awaitRight() throws InterruptedException {
    bench.progress().accept("waiting until all is right");
    Duration limit = bench.settings().bulkLimit();
    boolean right =
        observer.slices().awaitRight(limit).isPresent()
            && (!endpointsTell || observer.endpoints().awaitRight(limit).isPresent());
    if (!right) {
      throw new BenchException(
          "%s: before anything was measured, %d pods in slices and %d in Endpoints were still wrong after %d s"
              .formatted(
                  subject.title(),
                  observer.slices().wrong(),
                  endpointsTell ? observer.endpoints().wrong() : 0,
                  limit.toSeconds()));
    }
  }

  /** From here on the subject's work counts. */
  void mark() throws InterruptedException {
    awaitSilence();
    slicesBefore = observer.slices().writes();
    endpointsBefore = observer.endpoints().writes();
    cpuBefore = running.cpuSeconds();
    running.resetPeak();
  }

  /** As {@link #mark} for a subject that is about to start: all that it does counts. */
  void markStart() {
    slicesBefore = observer.slices().writes();
    endpointsBefore = observer.endpoints().writes();
    cpuBefore = 0;
  }

  /** Waits until all is right and notes how long that took from {@code began}, a nanoTime. */
  void noteTimes(Outcome outcome, long began) throws InterruptedException {
    Duration limit = bench.settings().bulkLimit();
    observer
        .slices()
        .awaitRight(limit)
        .ifPresent(seen -> outcome.put(Metric.SLICES_TIME, (seen - began) / 1e9));
    if (endpointsTell) {
      observer
          .endpoints()
          .awaitRight(limit)
          .ifPresent(seen -> outcome.put(Metric.ENDPOINTS_TIME, (seen - began) / 1e9));
    }
  }

  /** How many pods are not published as they should be. */
  int wrong() {
    return observer.slices().wrong() + (endpointsTell ? observer.endpoints().wrong() : 0);
  }

  /** Notes the work since {@link #mark}, once the subject has come to rest. */
  void note(Outcome outcome) throws InterruptedException {
    awaitSilence();
    outcome
        .put(Metric.SLICES_WRITES, observer.slices().writes() - slicesBefore)
        .put(Metric.ENDPOINTS_WRITES, observer.endpoints().writes() - endpointsBefore)
        .put(Metric.CPU, running.cpuSeconds() - cpuBefore)
        .put(Metric.MEMORY_PEAK, megabytes(running.peakBytes()))
        .put(Metric.MEMORY, megabytes(running.residentBytes()));
  }

  /** Waits until nothing is written any more. */
  void awaitSilence() throws InterruptedException {
    observer.slices().awaitSilence(SILENCE);
    observer.endpoints().awaitSilence(SILENCE);
  }

  static double megabytes(long bytes) {
    return bytes / 1048576.0;
  }

  @Override
  public void close() {
    stop();
    observer.close();
  }
}
