package io.netservice.syncer.watch;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.netservice.syncer.plan.PodView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch for each distinct namespace and selector, filtered by the API server and shared by all
 * NetServices that ask for it. A pod that no NetService selects is never seen.
 *
 * <p>A client carries at most {@link #WATCHES_PER_CLIENT} watches: the API server allows 250
 * streams on an HTTP/2 connection, and the client stops without an error when they are used up.
 */
public final class PodWatches implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PodWatches.class);

  static final int WATCHES_PER_CLIENT = 100;

  private final Supplier<KubernetesClient> newClient;
  private final Consumer<String> changed;
  private final Map<Selected, Watch> watches = new HashMap<>();
  private final Map<String, Selected> selections = new HashMap<>();
  private final List<Carrier> carriers = new ArrayList<>();

  private record Selected(String namespace, Map<String, String> labels) {}

  private static final class Carrier {
    final KubernetesClient client;
    int watches;

    Carrier(KubernetesClient client) {
      this.client = client;
    }
  }

  /**
   * No watches yet.
   *
   * @param newClient makes a client for watches; those it makes are closed with this object
   * @param changed is told the key of each NetService whose pods changed, from a watch thread
   */
  public PodWatches(Supplier<KubernetesClient> newClient, Consumer<String> changed) {
    this.newClient = newClient;
    this.changed = changed;
  }

  /**
   * The pods in {@code namespace} that have all {@code labels}, on behalf of the NetService {@code
   * key}, which from now on is told of their changes; what it asked for before is let go.
   *
   * @return empty until the first list is complete; the key is told when it is
   */
  public Optional<Collection<PodView>> pods(
      String key, String namespace, Map<String, String> labels) {
    Selected selected = new Selected(namespace, Map.copyOf(labels));
    Watch watch;
    synchronized (this) {
      if (!selected.equals(selections.get(key))) {
        release(key);
        selections.put(key, selected);
        Watch shared = watches.computeIfAbsent(selected, this::open);
        shared.keys.add(key);
      }
      watch = watches.get(selected);
    }
    return watch.synced ? Optional.of(watch.pods.values()) : Optional.empty();
  }

  /** The NetService {@code key} needs its pods no more. */
  public synchronized void release(String key) {
    Selected selected = selections.remove(key);
    if (selected != null) {
      Watch watch = watches.get(selected);
      watch.keys.remove(key);
      if (watch.keys.isEmpty()) {
        watches.remove(selected);
        watch.carrier.watches--;
        watch.informer.stop();
        log.debug("stopped watching pods {} in {}", selected.labels, selected.namespace);
      }
    }
  }

  /** How many watches are open. */
  public synchronized int size() {
    return watches.size();
  }

  private Watch open(Selected selected) {
    Carrier carrier =
        carriers.stream()
            .filter(each -> each.watches < WATCHES_PER_CLIENT)
            .findFirst()
            .orElseGet(
                () -> {
                  Carrier added = new Carrier(newClient.get());
                  carriers.add(added);
                  return added;
                });
    carrier.watches++;
    Watch watch = new Watch(carrier);
    watch.informer =
        carrier
            .client
            .resources(WatchedPod.class, WatchedPod.PodList.class)
            .inNamespace(selected.namespace)
            .withLabels(selected.labels)
            .runnableInformer(0);
    watch.informer.exceptionHandler((started, failure) -> true);
    watch.informer.addEventHandler(watch);
    var unused =
        watch
            .informer
            .start()
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    log.warn(
                        "watch of pods {} in {} ended",
                        selected.labels,
                        selected.namespace,
                        failure);
                  } else {
                    // Handlers are told later, by another thread: without this a plan could be made
                    // on a part of the pods and withdraw the others.
                    watch.informer.getStore().list().forEach(watch::put);
                    watch.synced = true;
                    watch.tellAll();
                  }
                });
    log.debug("watching pods {} in {}", selected.labels, selected.namespace);
    return watch;
  }

  @Override
  public synchronized void close() {
    watches.values().forEach(watch -> watch.informer.stop());
    carriers.forEach(carrier -> carrier.client.close());
  }

  /** One watch and the pods it shows. */
  private final class Watch implements ResourceEventHandler<WatchedPod> {
    final Carrier carrier;
    final Map<String, PodView> pods = new ConcurrentHashMap<>();
    final Set<String> keys = new HashSet<>();
    SharedIndexInformer<WatchedPod> informer;
    volatile boolean synced;

    Watch(Carrier carrier) {
      this.carrier = carrier;
    }

    @Override
    public void onAdd(WatchedPod pod) {
      put(pod);
    }

    @Override
    public void onUpdate(WatchedPod old, WatchedPod pod) {
      put(pod);
    }

    @Override
    public void onDelete(WatchedPod pod, boolean finalStateUnknown) {
      pods.remove(pod.getMetadata().getName());
      tellAll();
    }

    private void put(WatchedPod pod) {
      PodView view = PodViews.of(pod);
      // Most updates of a pod change nothing that is read here.
      if (!view.equals(pods.put(view.name(), view))) {
        tellAll();
      }
    }

    void tellAll() {
      if (synced) {
        List<String> interested;
        synchronized (PodWatches.this) {
          interested = List.copyOf(keys);
        }
        interested.forEach(changed);
      }
    }
  }
}
