package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import java.util.Map;
import java.util.Optional;

/**
 * Which hints endpoints carry for {@code trafficDistribution} of the Service (KEP-4444, KEP-3015):
 * kube-proxy reads them, not the Service. As trafficdist of k8s.io/endpointslice.
 */
enum Hints {
  NONE,
  ZONE,
  ZONE_AND_NODE;

  /** The older way to ask for hints, which takes precedence; such hints are not made here. */
  private static final String TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";

  private static final String TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints";

  static Hints of(Optional<Service> service) {
    String asked = service.map(s -> s.getSpec().getTrafficDistribution()).orElse(null);
    if (asked == null || hasTopologyMode(service.get())) {
      return NONE;
    }
    return switch (asked) {
      case "PreferClose", "PreferSameZone" -> ZONE;
      case "PreferSameNode" -> ZONE_AND_NODE;
      default -> NONE;
    };
  }

  private static boolean hasTopologyMode(Service service) {
    Map<String, String> annotations = service.getMetadata().getAnnotations();
    if (annotations == null) {
      return false;
    }
    String mode = annotations.getOrDefault(TOPOLOGY_HINTS, annotations.get(TOPOLOGY_MODE));
    return "Auto".equals(mode) || "auto".equals(mode);
  }

  /** Adds the hints to a ready endpoint that has this zone and node; empty for unknown. */
  void addTo(EndpointBuilder endpoint, String zone, String node) {
    boolean forZone = this != NONE && !zone.isEmpty();
    boolean forNode = this == ZONE_AND_NODE && !node.isEmpty();
    if (forZone || forNode) {
      endpoint.withNewHints().endHints();
    }
    if (forZone) {
      endpoint.editHints().addNewForZone(zone).endHints();
    }
    if (forNode) {
      endpoint.editHints().addNewForNode(node).endHints();
    }
  }
}
