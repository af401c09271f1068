package io.netservice.syncer.apply;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netservice.api.Condition;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceStatus;
import io.netservice.http.ApiException;
import io.netservice.runtime.Millis;
import io.netservice.syncer.leader.NotLeadingException;
import io.netservice.syncer.metrics.SyncerMetrics;
import io.netservice.syncer.queue.WorkQueue;
import io.netservice.syncer.watch.Keys;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Writes statuses beside the endpoints, by threads of its own: nobody who publishes an address
 * waits for one. Of several statuses for a NetService the newest is written, and none on a
 * NetService that has changed since it was planned: that one is planned anew.
 *
 * <p>May be used from any thread.
 */
public final class StatusWriter implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);

  /** Writes one status to the API server, and learns what it answers; false if it is gone. */
  @FunctionalInterface
  public interface Target {
    boolean write(NetService owner, NetServiceStatus status) throws Applier.Outdated;
  }

  /** Tells people of a condition that is news, after it was written. */
  @FunctionalInterface
  public interface Listener {
    void written(NetService owner, NetServiceStatus status);
  }

  private final WorkQueue queue;
  private final Function<String, Optional<NetService>> newest;
  private final Target target;
  private final Listener listener;
  private final Consumer<String> planAnew;
  private final StatusPace pace = new StatusPace(System::nanoTime);
  private final Map<String, Pending> pending = new ConcurrentHashMap<>();

  /** A status, and the NetService as it was planned on. */
  private record Pending(NetService owner, NetServiceStatus status) {}

  /**
   * Nothing is to be written yet.
   *
   * @param queue of keys with a status to be written; for this writer alone
   * @param newest the newest known state of a NetService
   * @param planAnew is told the key of a NetService whose status was planned on an older state
   */
  public StatusWriter(
      WorkQueue queue,
      Function<String, Optional<NetService>> newest,
      Target target,
      Listener listener,
      Consumer<String> planAnew) {
    this.queue = queue;
    this.newest = newest;
    this.target = target;
    this.listener = listener;
    this.planAnew = planAnew;
  }

  /**
   * Has a status written in its time, instead of any that was to be written before.
   *
   * @param wanted empty if {@code owner} has the right one
   */
  void offer(NetService owner, Optional<NetServiceStatus> wanted) {
    String key = Keys.of(owner);
    if (wanted.isEmpty()) {
      pending.remove(key);
      return;
    }
    pending.put(key, new Pending(owner, wanted.get()));
    long wait = pace.mayWait(key, owner.getStatus(), wanted.get());
    if (wait == 0) {
      queue.add(key);
    } else {
      queue.addAfter(key, wait);
    }
  }

  /** The NetService {@code key} is gone. */
  void forget(String key) {
    pending.remove(key);
    pace.forget(key);
  }

  /** Writes until the queue is closed; several threads may do so. */
  @Override
  public void run() {
    try {
      for (String key = queue.take(); key != null; key = queue.take()) {
        MDC.put("netservice", key);
        try {
          write(key);
        } finally {
          MDC.remove("netservice");
          queue.done(key);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(String key) {
    Pending next = pending.remove(key);
    Optional<NetService> now = newest.apply(key);
    if (next == null || now.isEmpty()) {
      return;
    }
    if (!isSame(next.owner, now.get())) {
      planAnew.accept(key);
      return;
    }
    long began = System.nanoTime();
    try {
      if (target.write(next.owner, next.status)) {
        pace.written(key);
        tell(key, next.status.conditions().get(0), Millis.since(began));
        listener.written(next.owner, next.status);
      }
      queue.forget(key);
    } catch (NotLeadingException e) {
      log.debug("{}: its status is for the leader to write", key);
    } catch (Applier.Outdated e) {
      log.debug("{}: planning anew: {}", key, e.getMessage());
      planAnew.accept(key);
    } catch (KubernetesClientException e) {
      SyncerMetrics.retried();
      pending.putIfAbsent(key, next);
      long delay = queue.retry(key, ApiException.retryAfterMillis(e));
      log.warn("{}: status again in {} ms: {}", key, delay, e.getMessage());
    } catch (RuntimeException e) {
      log.error("{}: its status is not written, after an error of this program", key, e);
    }
  }

  private static void tell(String key, Condition ready, double millis) {
    log.atInfo()
        .addKeyValue("verb", "status")
        .addKeyValue("reason", ready.reason())
        .addKeyValue("millis", millis)
        .log("{}: status {} in {} ms: {}", key, ready.reason(), millis, ready.message());
  }

  private static boolean isSame(NetService one, NetService other) {
    return Objects.equals(
        one.getMetadata().getResourceVersion(), other.getMetadata().getResourceVersion());
  }
}
