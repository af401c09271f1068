package io.netservice.syncer.watch;

import io.netservice.syncer.plan.Names;
import io.netservice.syncer.plan.PodView;
import io.netservice.syncer.watch.PodDecoder.WatchedPod;
import io.netservice.syncer.watch.SelectedPods.Selection;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch for each distinct namespace and selector, filtered by the API server and shared by all
 * NetServices that ask for it: a pod that no NetService selects is never seen. In a namespace with
 * more than {@link #WATCHES_PER_NAMESPACE} selectors one watch of all its pods serves the others,
 * matched here; of pods that none of them selects nothing is kept.
 *
 * <p>May be used from any thread.
 */
public final class PodWatches implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PodWatches.class);

  static final int WATCHES_PER_NAMESPACE = 16;

  private final Connections connections;
  private final ScheduledExecutorService timer;
  private final Consumer<String> changed;
  private final SharedStrings strings = new SharedStrings();
  private final Map<String, Served> byKey = new HashMap<>();
  private final Map<Selection, Served> served = new HashMap<>();
  private final Map<String, NamespaceWatch> namespaces = new HashMap<>();

  /** A selection and the watch that serves it alone, null if a watch of its namespace does. */
  private record Served(SelectedPods pods, CollectionWatch<WatchedPod> watch) {}

  /**
   * No watches yet.
   *
   * @param connections carry the watches; owned by the caller
   * @param timer lets watches that end come again; owned by the caller
   * @param changed is told the key of each NetService whose pods changed, from a watch thread
   */
  public PodWatches(
      Connections connections, ScheduledExecutorService timer, Consumer<String> changed) {
    this.connections = connections;
    this.timer = timer;
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
    Selection selection = new Selection(namespace, labels);
    SelectedPods pods;
    synchronized (this) {
      Served asked = byKey.get(key);
      if (asked == null || !asked.pods.selection().equals(selection)) {
        release(key);
        asked = served.get(selection);
        if (asked == null) {
          asked = serve(selection);
          served.put(selection, asked);
        }
        asked.pods.addKey(key);
        byKey.put(key, asked);
      }
      pods = asked.pods;
    }
    return pods.isComplete() ? Optional.of(pods.pods()) : Optional.empty();
  }

  /** The pods that the NetService {@code key} asked for last, as they are known. */
  synchronized List<PodView> known(String key) {
    Served asked = byKey.get(key);
    return asked == null ? List.of() : List.copyOf(asked.pods.pods());
  }

  /** Has the watch begin anew that tells the pods of the NetService {@code key}. */
  synchronized void readAgain(String key) {
    Served asked = byKey.get(key);
    if (asked == null) {
      return;
    }
    if (asked.watch != null) {
      asked.watch.restart();
    } else {
      namespaces.get(asked.pods.selection().namespace()).watch.restart();
    }
  }

  /** The NetService {@code key} needs its pods no more. */
  public synchronized void release(String key) {
    Served asked = byKey.remove(key);
    if (asked == null || !asked.pods.removeKey(key)) {
      return;
    }
    Selection selection = asked.pods.selection();
    served.remove(selection);
    if (asked.watch != null) {
      asked.watch.close();
    } else {
      NamespaceWatch shared = namespaces.get(selection.namespace());
      if (shared.remove(asked.pods)) {
        namespaces.remove(selection.namespace());
        shared.close();
      }
    }
    log.debug("stopped watching pods {} in {}", selection.labels(), selection.namespace());
  }

  /** Has every NetService reconciled that has a pod on {@code node}. */
  public void nodeChanged(String node) {
    List<Served> all;
    synchronized (this) {
      all = List.copyOf(served.values());
    }
    all.forEach(each -> each.pods.nodeChanged(node));
  }

  /** How many pods are kept; one that several selectors select is kept as often. */
  public synchronized int podCount() {
    return served.values().stream().mapToInt(each -> each.pods.pods().size()).sum();
  }

  /** How many watches there are. */
  public synchronized int size() {
    return namespaces.size()
        + (int) served.values().stream().filter(each -> each.watch != null).count();
  }

  /** Whether each watch has told all there was and goes on telling. */
  public synchronized boolean inStep() {
    return namespaces.values().stream().allMatch(each -> each.watch.inStep())
        && served.values().stream().allMatch(each -> each.watch == null || each.watch.inStep());
  }

  /** Whether each watch has told all there was and goes on telling at this moment. */
  public synchronized boolean isConnected() {
    return namespaces.values().stream().allMatch(each -> each.watch.isConnected())
        && served.values().stream()
            .allMatch(each -> each.watch == null || each.watch.isConnected());
  }

  private Served serve(Selection selection) {
    SelectedPods pods = new SelectedPods(selection, changed);
    long own =
        served.values().stream()
            .filter(each -> each.watch != null)
            .filter(each -> each.pods.selection().namespace().equals(selection.namespace()))
            .count();
    log.debug("watching pods {} in {}", selection.labels(), selection.namespace());
    if (own < WATCHES_PER_NAMESPACE) {
      return new Served(pods, watch(selection, false, new OneSelection(pods)).start());
    }
    NamespaceWatch shared = namespaces.get(selection.namespace());
    if (shared == null) {
      shared = new NamespaceWatch(selection.namespace());
      namespaces.put(selection.namespace(), shared);
    }
    shared.add(pods);
    return new Served(pods, null);
  }

  private CollectionWatch<WatchedPod> watch(
      Selection selection, boolean readLabels, Item.Sink<WatchedPod> sink) {
    return new CollectionWatch<>(
        connections,
        timer,
        new CollectionWatch.Collection(
            "/api/v1/namespaces/" + selection.namespace() + "/pods",
            Names.selector(selection.labels())),
        new ProtobufFormat<>(new PodDecoder(readLabels, strings)),
        sink);
  }

  @Override
  public synchronized void close() {
    served.values().stream().filter(each -> each.watch != null).forEach(each -> each.watch.close());
    namespaces.values().forEach(NamespaceWatch::close);
  }

  /** The pods that the API server filtered for one selection. */
  private record OneSelection(SelectedPods pods) implements Item.Sink<WatchedPod> {
    @Override
    public void put(String name, WatchedPod pod) {
      pods.put(pod.view());
    }

    @Override
    public void remove(String name, WatchedPod pod) {
      pods.remove(name);
    }

    @Override
    public void complete(Set<String> names, String resourceVersion) {
      pods.complete(names);
    }
  }

  /**
   * All pods of a namespace, matched here. When a selection is added all pods are told once more,
   * because those that nobody had selected were not kept.
   */
  private final class NamespaceWatch implements Item.Sink<WatchedPod>, AutoCloseable {
    final CollectionWatch<WatchedPod> watch;
    private final List<SelectedPods> selections = new CopyOnWriteArrayList<>();

    /** Those who were there when the pods began to be told, and so have seen all in the end. */
    private List<SelectedPods> sinceBegin = List.of();

    NamespaceWatch(String namespace) {
      watch = watch(new Selection(namespace, Map.of()), true, this);
    }

    void add(SelectedPods pods) {
      boolean first = selections.isEmpty();
      selections.add(pods);
      if (first) {
        watch.start();
      } else {
        watch.restart();
      }
    }

    /** True if none is left. */
    boolean remove(SelectedPods pods) {
      selections.remove(pods);
      return selections.isEmpty();
    }

    @Override
    public void begin() {
      sinceBegin = List.copyOf(selections);
    }

    @Override
    public void put(String name, WatchedPod pod) {
      for (SelectedPods pods : selections) {
        if (pods.selection().matches(pod.labels())) {
          pods.put(pod.view());
        } else {
          pods.remove(name);
        }
      }
    }

    @Override
    public void remove(String name, WatchedPod pod) {
      selections.forEach(pods -> pods.remove(name));
    }

    @Override
    public void complete(Set<String> names, String resourceVersion) {
      sinceBegin.forEach(pods -> pods.complete(names));
    }

    @Override
    public void close() {
      watch.close();
    }
  }
}
