package io.netservice.syncer.watch;

import io.netservice.syncer.plan.PodView;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/**
 * The pods of one selection, and the NetServices that asked for them.
 *
 * <p>May be read from any thread; written by the watch alone.
 */
final class SelectedPods {

  /** Pods of {@code namespace} that have all {@code labels}. */
  record Selection(String namespace, Map<String, String> labels) {

    Selection {
      labels = Map.copyOf(labels);
    }

    boolean matches(Map<String, String> podLabels) {
      return podLabels.entrySet().containsAll(labels.entrySet());
    }
  }

  private final Selection selection;
  private final Consumer<String> changed;
  private final Map<String, PodView> pods = new ConcurrentHashMap<>();
  private final Set<String> keys = new CopyOnWriteArraySet<>();
  private volatile boolean complete;

  /**
   * None yet.
   *
   * @param changed is told the keys when something changed, from the thread of the watch
   */
  SelectedPods(Selection selection, Consumer<String> changed) {
    this.selection = selection;
    this.changed = changed;
  }

  Selection selection() {
    return selection;
  }

  void addKey(String key) {
    keys.add(key);
  }

  /** True if nobody is left who asked. */
  boolean removeKey(String key) {
    keys.remove(key);
    return keys.isEmpty();
  }

  /** Whether all pods that there were have been told. */
  boolean isComplete() {
    return complete;
  }

  Collection<PodView> pods() {
    return pods.values();
  }

  void put(PodView pod) {
    // Most updates of a pod change nothing that is read here. What is known stays the same object:
    // what was worked out of it is kept by that.
    if (!pod.equals(pods.get(pod.name()))) {
      pods.put(pod.name(), pod);
      tell();
    }
  }

  void remove(String name) {
    if (pods.remove(name) != null) {
      tell();
    }
  }

  /** Keeps only pods of these {@code names}: all there are. */
  void complete(Set<String> names) {
    boolean vanished = pods.keySet().retainAll(names);
    if (vanished || !complete) {
      complete = true;
      tell();
    }
  }

  /** Tells all who asked if one of the pods runs on {@code node}. */
  void nodeChanged(String node) {
    if (pods.values().stream().anyMatch(pod -> pod.nodeName().equals(node))) {
      tell();
    }
  }

  private void tell() {
    if (complete) {
      keys.forEach(changed);
    }
  }
}
