package io.netservice.syncer.apply;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.api.NetService;
import io.netservice.api.Reason;
import io.netservice.http.ApiException;
import io.netservice.syncer.leader.Elector;
import io.netservice.syncer.leader.NotLeadingException;
import io.netservice.syncer.metrics.SyncerMetrics;
import io.netservice.syncer.plan.Current;
import io.netservice.syncer.plan.EndpointsObject;
import io.netservice.syncer.plan.Moment;
import io.netservice.syncer.plan.OwnedObject;
import io.netservice.syncer.plan.Plan;
import io.netservice.syncer.plan.PlanMemory;
import io.netservice.syncer.plan.Planner;
import io.netservice.syncer.plan.PodView;
import io.netservice.syncer.plan.SliceObject;
import io.netservice.syncer.plan.Tally;
import io.netservice.syncer.plan.TriggerTimes;
import io.netservice.syncer.queue.WorkQueue;
import io.netservice.syncer.watch.ClusterState;
import io.netservice.syncer.watch.Keys;
import io.netservice.syncer.watch.PodWatches;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Takes keys from the queue and makes what exists what should exist. Events that come while a plan
 * is carried out gather in the queue; the next plan takes them all.
 *
 * <p>While this process is not the leader, what is needed for a plan is kept in step, and nothing
 * is planned; a key whose writes were refused is let go, as {@link Elector} brings all of them
 * back.
 */
public final class Reconciler implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

  /** How often a plan is made anew at once because the state had changed, before it waits. */
  private static final int REPLANS = 8;

  /** A key that changes in a burst rests at least so long, and never longer than that. */
  private static final long MIN_REST_MILLIS = 20;

  private static final long MAX_REST_MILLIS = 80;

  /** So many times as long as the writes took: what changes meanwhile goes into fewer. */
  private static final long REST_FACTOR = 2;

  /** How often an object in the way that no watch shows is looked at again. */
  private static final long OBSTRUCTION_CHECK_MILLIS = 2_000;

  /** The API server's answer to an object that breaks a rule, which Java has no name for. */
  private static final int UNPROCESSABLE = 422;

  private final WorkQueue queue;
  private final ClusterState state;
  private final PodWatches pods;
  private final Planner planner;
  private final Applier applier;
  private final BooleanSupplier mayPlan;
  private final StatusWriter statuses;
  private final Propagation propagation;
  private final TriggerTimes triggers = new TriggerTimes();
  private final Map<String, PlanMemory> memories = new ConcurrentHashMap<>();

  /** Services that were deleted to make room for one that they could not become, by key. */
  private final Map<String, Service> replaced = new ConcurrentHashMap<>();

  /**
   * Takes keys from {@code queue}.
   *
   * @param mayPlan whether this process is the leader and its caches are in step
   * @param propagation is told of changes by whoever watches pods
   */
  public Reconciler(
      WorkQueue queue,
      ClusterState state,
      PodWatches pods,
      Planner planner,
      Applier applier,
      BooleanSupplier mayPlan,
      StatusWriter statuses,
      Propagation propagation) {
    this.queue = queue;
    this.state = state;
    this.pods = pods;
    this.planner = planner;
    this.applier = applier;
    this.mayPlan = mayPlan;
    this.statuses = statuses;
    this.propagation = propagation;
  }

  /** Works until the queue is closed; several threads may do so. */
  @Override
  public void run() {
    try {
      for (String key = queue.take(); key != null; key = queue.take()) {
        MDC.put("netservice", key);
        work(key);
        MDC.remove("netservice");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(String key) {
    long rest = 0;
    try {
      rest = reconcile(key);
      queue.forget(key);
    } catch (NotLeadingException e) {
      queue.forget(key);
      propagation.forget(key);
      log.debug("{}: {}", key, e.getMessage());
    } catch (Applier.Outdated e) {
      SyncerMetrics.retried();
      log.debug("{}: again in {} ms: {}", key, queue.retry(key), e.getMessage());
    } catch (RuntimeException e) {
      SyncerMetrics.retried();
      long delay =
          queue.retry(
              key,
              e instanceof KubernetesClientException failure
                  ? ApiException.retryAfterMillis(failure)
                  : 0);
      if (isNamespaceGoing(e)) {
        log.debug("{}: its namespace is being deleted", key);
        tell(key, Reason.NAMESPACE_TERMINATING, "the namespace is being deleted");
      } else if (e instanceof KubernetesClientException failure) {
        log.warn("{}: again in {} ms: {}", key, delay, e.getMessage());
        if (isRefusal(failure)) {
          tell(key, Reason.WRITE_FAILED, failure.getMessage());
        }
      } else {
        log.error("{}: again in {} ms, after an error of this program", key, delay, e);
      }
    } finally {
      queue.done(key, rest);
    }
  }

  /** What is published for all NetServices; nothing while others publish it. */
  public Tally published() {
    return Tally.sum(
        mayPlan.getAsBoolean()
            ? memories.values().stream().map(PlanMemory::tally)
            : Stream.empty());
  }

  /** Gives how long it should rest if it changes in a burst. */
  private long reconcile(String key) throws Applier.Outdated {
    Optional<NetService> found = state.netService(key);
    if (found.isEmpty() || found.get().getSpec() == null) {
      // Gone: the garbage collector removes what it controlled.
      pods.release(key);
      state.clearObstruction(key);
      triggers.forget(key);
      memories.remove(key);
      replaced.remove(key);
      statuses.forget(key);
      propagation.forget(key);
      return 0;
    }
    propagation.planning(key);
    NetService owner = found.get();
    Optional<Collection<PodView>> selected =
        pods.pods(key, owner.getMetadata().getNamespace(), owner.getSpec().selector());
    if (selected.isEmpty()) {
      return 0; // The watch tells this key when its list is complete.
    }
    if (!mayPlan.getAsBoolean()) {
      standBy(key);
      return 0;
    }
    lookAtObstruction(key, owner);
    Optional<String> trigger = triggers.next(key, owner, selected.get());
    long began = System.nanoTime();
    boolean hasWritten = false;
    for (int tries = 1; ; tries++) {
      try {
        if (applier.readUnread(owner)) {
          log.debug("{}: somebody else had written", key);
        }
        Plan plan = plan(owner, selected.get(), trigger);
        boolean isDone = carryOut(owner, plan);
        hasWritten |= plan.publishes();
        if (isDone) {
          triggers.carriedOut(key);
          propagation.carriedOut(key, hasWritten);
          if (!state.unread(owner).isEmpty()) {
            queue.add(key); // Somebody else wrote just after us.
          }
          return plan.isEmpty() ? 0 : rest(System.nanoTime() - began);
        } else if (tries >= REPLANS) {
          throw new Applier.Outdated("its Service is never as it was written");
        }
      } catch (Applier.Outdated e) {
        if (tries >= REPLANS) {
          throw e;
        }
        log.debug("{}: planning anew: {}", key, e.getMessage());
      }
    }
  }

  /** Forgets what only the leader can know. */
  private void standBy(String key) {
    triggers.forget(key);
    statuses.forget(key);
    propagation.forget(key);
    if (state.hasService(key)) {
      replaced.remove(key); // Made anew by the leader.
    }
  }

  private void lookAtObstruction(String key, NetService owner) {
    state
        .obstruction(key)
        .filter(obstruction -> !applier.isObstructed(owner, obstruction))
        .ifPresent(gone -> state.clearObstruction(key));
  }

  /** Twice as long as the writes took: most of the time is for others, and for changes to come. */
  private static long rest(long tookNanos) {
    long rest = REST_FACTOR * TimeUnit.NANOSECONDS.toMillis(tookNanos);
    return Math.max(MIN_REST_MILLIS, Math.min(rest, MAX_REST_MILLIS));
  }

  private Plan plan(NetService owner, Collection<PodView> selected, Optional<String> trigger) {
    Current current =
        state.current(owner).replacing(Optional.ofNullable(replaced.get(Keys.of(owner))));
    if (current.foreign().isPresent()) {
      queue.addAfter(Keys.of(owner), OBSTRUCTION_CHECK_MILLIS);
    }
    Moment moment = new Moment(now(), trigger);
    PlanMemory memory = memories.computeIfAbsent(Keys.of(owner), any -> new PlanMemory());
    return SyncerMetrics.timed(
        () -> planner.plan(owner, selected, current, state::zoneOf, moment, memory));
  }

  /** True when all is done; false when the Service changed and the rest is to be planned on it. */
  private boolean carryOut(NetService owner, Plan plan) throws Applier.Outdated {
    if (plan.service().isPresent()) {
      // Endpoints of somebody else would be mirrored into slices of our new Service: find that out
      // before there is one.
      for (OwnedObject object : plan.creates()) {
        if (object instanceof EndpointsObject) {
          applier.create(owner, object);
        }
      }
      Plan.ServiceChange change = plan.service().get();
      if (change instanceof Plan.ServiceChange.Create create) {
        applier.create(owner, create.service());
        replaced.remove(Keys.of(owner));
      } else if (change instanceof Plan.ServiceChange.Update update) {
        applier.update(owner, update.service());
      } else if (change instanceof Plan.ServiceChange.Replace replace) {
        applier.delete(owner, replace.old());
        replaced.put(Keys.of(owner), replace.old());
      }
      return false;
    }
    KubernetesClientException failure = null;
    for (Plan.Write write : plan.writes()) {
      if (!write.isCreation()) {
        applier.update(owner, write.object());
        continue;
      }
      try {
        applier.create(owner, write.object());
      } catch (KubernetesClientException e) {
        // Where the API server takes no more slices, all else is put right nevertheless.
        if (!(write.object() instanceof SliceObject) || e.getCode() == 0) {
          throw e;
        }
        failure = e;
      }
    }
    for (OwnedObject object : plan.deletes()) {
      applier.delete(owner, object);
    }
    if (failure != null) {
      throw failure;
    }
    statuses.offer(owner, plan.status());
    return true;
  }

  /** Whether the API server understood and said no: what is written won't be taken by itself. */
  private static boolean isRefusal(KubernetesClientException failure) {
    return switch (failure.getCode()) {
      case HttpURLConnection.HTTP_BAD_REQUEST,
          HttpURLConnection.HTTP_FORBIDDEN,
          HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
          UNPROCESSABLE ->
          true;
      default -> false;
    };
  }

  /** Says on the NetService what can't be written. The next try goes on meanwhile. */
  private void tell(String key, Reason reason, String what) {
    state
        .netService(key)
        .filter(known -> known.getSpec() != null)
        .ifPresent(owner -> statuses.offer(owner, Planner.unwritable(owner, reason, what, now())));
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static boolean isNamespaceGoing(RuntimeException e) {
    return e instanceof KubernetesClientException failure
        && failure.getCode() == HttpURLConnection.HTTP_FORBIDDEN
        && String.valueOf(failure.getMessage()).contains("because it is being terminated");
  }
}
