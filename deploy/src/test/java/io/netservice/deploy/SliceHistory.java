package io.netservice.deploy;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Every state that the slices of one Service are in, and which addresses were ever lost. */
final class SliceHistory implements Watcher<EndpointSlice>, AutoCloseable {

  private final Watch watch;
  private final Map<String, List<String>> bySlice = new HashMap<>();
  private final TreeSet<String> ready = new TreeSet<>();
  private final List<String> lost = new ArrayList<>();

  /** Watches from now on. */
  SliceHistory(KubernetesClient client, String namespace, String service) {
    watch =
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inNamespace(namespace)
            .withLabel("kubernetes.io/service-name", service)
            .watch(this);
  }

  @Override
  public synchronized void eventReceived(Action action, EndpointSlice slice) {
    List<String> now = new ArrayList<>();
    if (action != Action.DELETED && slice.getEndpoints() != null) {
      slice.getEndpoints().stream()
          .filter(each -> Boolean.TRUE.equals(each.getConditions().getReady()))
          .forEach(each -> now.addAll(each.getAddresses()));
    }
    bySlice.put(slice.getMetadata().getName(), now);
    TreeSet<String> all = new TreeSet<>();
    bySlice.values().forEach(all::addAll);
    ready.removeAll(all);
    ready.forEach(
        gone -> lost.add(gone + " at " + slice.getMetadata().getResourceVersion() + " " + action));
    ready.clear();
    ready.addAll(all);
  }

  @Override
  public synchronized void onClose(WatcherException cause) {
    lost.add("the watch ended: " + cause);
  }

  /** Whether that address has been seen ready by now. */
  synchronized boolean shows(String address) {
    return ready.contains(address);
  }

  /** Which ready addresses went away, and when; empty if none ever did. */
  synchronized List<String> lost() {
    return List.copyOf(lost);
  }

  @Override
  public void close() {
    watch.close();
  }
}
