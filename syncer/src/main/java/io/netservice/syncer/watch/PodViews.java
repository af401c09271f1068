package io.netservice.syncer.watch;

import io.netservice.api.Protocol;
import io.netservice.network.NetworkStatusParser;
import io.netservice.syncer.plan.PodView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From a pod as it is watched to what the planner reads. */
final class PodViews {

  private PodViews() {}

  static PodView of(WatchedPod pod) {
    var metadata = pod.getMetadata();
    WatchedPod.Spec spec = pod.getSpec();
    WatchedPod.Status status = pod.getStatus();
    String phase = status == null ? "" : orEmpty(status.phase());
    Map<String, String> annotations =
        metadata.getAnnotations() == null ? Map.of() : metadata.getAnnotations();
    String network = annotations.get(NetworkStatusParser.ANNOTATION);
    return new PodView(
        metadata.getName(),
        metadata.getUid(),
        orEmpty(metadata.getCreationTimestamp()),
        spec == null ? "" : orEmpty(spec.nodeName()),
        spec == null ? "" : orEmpty(spec.hostname()),
        spec == null ? "" : orEmpty(spec.subdomain()),
        isReady(status),
        metadata.getDeletionTimestamp() != null,
        phase.equals("Succeeded") || phase.equals("Failed"),
        NetworkStatusParser.parse(
            network == null ? annotations.get(NetworkStatusParser.OLD_ANNOTATION) : network,
            metadata.getNamespace()),
        ports(spec));
  }

  /**
   * Ready, and not while its sandbox is being remade: kubelet says Ready=True with the old
   * addresses for a moment then, and PodReadyToStartContainers=False.
   */
  private static boolean isReady(WatchedPod.Status status) {
    if (status == null || status.conditions() == null) {
      return false;
    }
    boolean ready = false;
    for (WatchedPod.PodCondition condition : status.conditions()) {
      if ("Ready".equals(condition.type())) {
        ready = "True".equals(condition.status());
      } else if ("PodReadyToStartContainers".equals(condition.type())
          && "False".equals(condition.status())) {
        return false;
      }
    }
    return ready;
  }

  /** Named ports in the order that FindPort of k8s.io/kubernetes looks: containers, sidecars. */
  private static List<PodView.NamedPort> ports(WatchedPod.Spec spec) {
    List<PodView.NamedPort> ports = new ArrayList<>();
    if (spec != null) {
      for (WatchedPod.Container container : orEmpty(spec.containers())) {
        addPorts(container, ports);
      }
      for (WatchedPod.Container container : orEmpty(spec.initContainers())) {
        if ("Always".equals(container.restartPolicy())) {
          addPorts(container, ports);
        }
      }
    }
    return ports;
  }

  private static void addPorts(WatchedPod.Container container, List<PodView.NamedPort> ports) {
    for (WatchedPod.Port port : orEmpty(container.ports())) {
      if (port.name() != null) {
        Protocol protocol =
            port.protocol() == null ? Protocol.TCP : Protocol.valueOf(port.protocol());
        ports.add(new PodView.NamedPort(port.name(), protocol, port.containerPort()));
      }
    }
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
