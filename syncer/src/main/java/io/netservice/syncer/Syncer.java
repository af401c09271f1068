package io.netservice.syncer;

import io.netservice.http.ApiClient;
import io.netservice.http.ApiServer;
import io.netservice.http.WriteGate;
import io.netservice.runtime.Program;
import io.netservice.runtime.StatusServer;
import io.netservice.syncer.apply.Applier;
import io.netservice.syncer.apply.EventRecorder;
import io.netservice.syncer.apply.Propagation;
import io.netservice.syncer.apply.Reconciler;
import io.netservice.syncer.apply.StatusWriter;
import io.netservice.syncer.leader.ApiLease;
import io.netservice.syncer.leader.Elector;
import io.netservice.syncer.leader.Leadership;
import io.netservice.syncer.leader.LeaseTiming;
import io.netservice.syncer.metrics.SyncerMetrics;
import io.netservice.syncer.plan.Planner;
import io.netservice.syncer.plan.PlannerSettings;
import io.netservice.syncer.queue.WorkQueue;
import io.netservice.syncer.resync.Resync;
import io.netservice.syncer.watch.Audit;
import io.netservice.syncer.watch.ClusterState;
import io.netservice.syncer.watch.Connections;
import io.netservice.syncer.watch.LeaseWatch;
import io.netservice.syncer.watch.PodWatches;
import io.netservice.syncer.watch.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The syncer's parts, put together: watches that keep caches in step, an election, a queue and the
 * threads that work on it. Without the lead all of it runs but writes.
 *
 * <p>It ends in this order: no more keys are taken, what is under way is finished, the Lease is
 * given back, the watches end.
 */
final class Syncer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Syncer.class);

  /**
   * A connection whose other end vanished without a word is noticed after one to two of these: in
   * time for all to be right within 5 s.
   */
  private static final Duration HEARTBEAT = Duration.ofMillis(1500);

  /** How long a write may take. */
  private static final Duration ANSWER = Duration.ofSeconds(15);

  /** How many statuses are written side by side, beside the endpoints. */
  private static final int STATUS_WRITERS = 2;

  /** The longest that a NetService whose writes fail waits for the next try. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private static final Duration CONNECTED_CHECK = Duration.ofMillis(5);

  /** How long writes may go on when the program ends. */
  private static final Duration LAST_WRITES = Duration.ofSeconds(5);

  /** The Lease of a leader, and its times. */
  record Election(String namespace, String name, LeaseTiming timing) {}

  private final ApiServer server;
  private final int workers;
  private Optional<Elector> elector = Optional.empty();
  private Optional<Resync> resync = Optional.empty();
  private Optional<LeaseWatch> leaseWatch = Optional.empty();
  private final Connections connections;
  private final ClusterState state;
  private final PodWatches pods;
  private final WorkQueue queue;
  private final Liveness liveness;
  private final WorkQueue statusQueue;
  private final StatusWriter statuses;
  private final Reconciler reconciler;
  private final List<Thread> threads = new ArrayList<>();
  private final List<AutoCloseable> started = new ArrayList<>();
  private Duration catchUpTime = Duration.ZERO;
  private volatile boolean stopping;

  /** False while the caches may be behind what another leader has written. */
  private volatile boolean caughtUp = true;

  /**
   * Asks the API server nothing before {@link #start}.
   *
   * @param scope the namespaces that are watched
   * @param workers how many NetServices are reconciled side by side
   * @param resyncPeriod how long it takes to look whether all caches are right, zero for never
   * @param election empty if nobody else writes
   */
  Syncer(
      ApiServer server,
      PlannerSettings settings,
      Scope scope,
      int workers,
      Duration resyncPeriod,
      Optional<Election> election) {
    this.server = server;
    this.workers = workers;
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "timer"));
    started.add(timer::shutdownNow);
    queue = new WorkQueue(timer, LONGEST_WAIT, Math.max(1, workers / 2));
    liveness = new Liveness(queue, System::nanoTime);
    var unused =
        timer.scheduleWithFixedDelay(
            liveness::beat, 0, Liveness.BEAT.toMillis(), TimeUnit.MILLISECONDS);
    connections = add(new Connections(server, timer, HEARTBEAT));
    Propagation propagation = new Propagation();
    pods =
        add(
            new PodWatches(
                connections,
                timer,
                key -> {
                  propagation.changed(key);
                  queue.addChange(key);
                }));
    state = add(new ClusterState(scope, connections, timer, queue::add, pods::nodeChanged));
    election.ifPresent(each -> takePart(each, timer));
    Leadership leadership = elector.map(Elector::leadership).orElseGet(Leadership::withoutElection);
    ApiClient writes =
        add(new ApiClient(server, workers + STATUS_WRITERS, ANSWER, leadership, timer));
    // Writes go the same way as watches: what is silent there is dead here, or may be.
    connections.onDoubt(writes::connectAnew);
    Applier applier = new Applier(writes, state);
    statusQueue = new WorkQueue(timer, LONGEST_WAIT, 1);
    statuses =
        new StatusWriter(
            statusQueue, state::netService, applier::status, new EventRecorder(writes), queue::add);
    reconciler =
        new Reconciler(
            queue,
            state,
            pods,
            new Planner(settings),
            applier,
            () -> state.isSynced() && caughtUp && leadership.isLeading(),
            statuses,
            propagation);
    if (!resyncPeriod.isZero()) {
      ApiClient reads = add(new ApiClient(server, 1, ANSWER, WriteGate.OPEN, timer));
      Audit audit = new Audit(reads, state, pods);
      resync = Optional.of(add(new Resync(audit, resyncPeriod, leadership::isLeading)));
    }
    SyncerMetrics.queue(queue::depth, queue::longestWaitNanos, queue::failing);
    SyncerMetrics.leader(leadership::isLeading);
    SyncerMetrics.published(reconciler::published);
    SyncerMetrics.caches(this::cacheSizes, pods::size);
  }

  private void takePart(Election election, ScheduledExecutorService timer) {
    // A client of its own: no renewal waits for a write.
    ApiClient client =
        add(new ApiClient(server, 1, election.timing().requestTimeout(), WriteGate.OPEN, timer));
    Elector made =
        add(
            new Elector(
                election.timing(),
                new ApiLease(client, election.namespace(), election.name()),
                state::isSynced,
                this::roleChanged));
    elector = Optional.of(made);
    catchUpTime = election.timing().requestTimeout();
    state.othersWrite(true);
    caughtUp = false;
    leaseWatch =
        Optional.of(
            add(
                new LeaseWatch(
                    connections, timer, election.namespace(), election.name(), made::seenWith)));
  }

  /** Called by the elector. */
  private void roleChanged(boolean leads) {
    caughtUp = false;
    state.othersWrite(!leads);
    if (leads) {
      try {
        catchUp();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      caughtUp = true;
      state.tellAll();
    }
  }

  /**
   * Waits until no watch is behind without knowing it, as one is whose connection vanished without
   * a word: a plan on what it told last would undo what the last leader wrote. Not for long: a
   * watch that is refused for good holds up nothing else, and the Lease has to be renewed.
   */
  private void catchUp() throws InterruptedException {
    long end = System.nanoTime() + catchUpTime.toNanos();
    boolean isAlive = connections.confirm(catchUpTime.dividedBy(2));
    while (!isAlive || !state.isConnected() || !pods.isConnected()) {
      if (System.nanoTime() - end > 0) {
        log.warn("some watches may be behind, and are not waited for any longer");
        return;
      }
      Thread.sleep(CONNECTED_CHECK.toMillis());
      isAlive = true; // Those that were not have been given up; their watches connect anew.
    }
  }

  /**
   * Serves health and metrics, and begins to work.
   *
   * @throws IllegalArgumentException if the address is no IP address or the port is no port
   * @throws IOException if the port can't be had
   */
  void start(String bindAddress, int metricsPort) throws IOException {
    started.add(StatusServer.start(bindAddress, metricsPort, this::isLive, this::notReady));
    log.info("watching the cluster at {}", server.uri(""));
    state.start();
    elector.ifPresent(each -> liveness.mustRun(each.start()));
    leaseWatch.ifPresent(LeaseWatch::start);
    resync.ifPresent(each -> liveness.mustRun(each.start()));
    begin(workers, reconciler, "reconciler-");
    begin(STATUS_WRITERS, statuses, "status-writer-");
  }

  private Map<String, Integer> cacheSizes() {
    Map<String, Integer> sizes = new TreeMap<>(state.sizes());
    sizes.put("pods", pods.podCount());
    return sizes;
  }

  private void begin(int count, Runnable work, String name) {
    for (int i = 0; i < count; i++) {
      Thread thread = daemon(work, name + i);
      thread.start();
      threads.add(thread);
      liveness.mustRun(thread);
    }
  }

  private boolean isLive() {
    Optional<String> dead = liveness.dead();
    // While it stops threads end as they should.
    if (dead.isEmpty() || stopping) {
      return true;
    }
    log.error("a restart is needed: {}", dead.get());
    return false;
  }

  private Optional<String> notReady() {
    if (stopping) {
      return Optional.of("stopping");
    } else if (!state.inStep() || !pods.inStep()) {
      return Optional.of("caches are not in step");
    }
    return elector.isPresent() && !elector.get().inContact()
        ? Optional.of("the Lease of the leader can't be reached")
        : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    stopping = true;
    try {
      queue.close();
      statusQueue.close();
      if (writesEnd()) {
        elector.ifPresent(Elector::giveBack);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Program.closeAll(started);
    }
  }

  /** Waits until no write is under way, but not for ever. */
  private boolean writesEnd() throws InterruptedException {
    long end = System.nanoTime() + LAST_WRITES.toNanos();
    for (Thread thread : threads) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      thread.join(Math.max(1, left));
      if (thread.isAlive()) {
        log.warn("a write is broken off");
        return false;
      }
    }
    return true;
  }

  private <T extends AutoCloseable> T add(T resource) {
    started.add(resource);
    return resource;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
