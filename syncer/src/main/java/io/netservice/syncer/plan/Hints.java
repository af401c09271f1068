package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.Service;
import java.util.Map;
import java.util.Optional;

/**
 * Which hints endpoints carry for {@code trafficDistribution} of the Service (KEP-4444, KEP-3015):
 * kube-proxy reads them, not the Service. As trafficdist of k8s.io/endpointslice.
 */
public enum Hints {
  /** None. */
  NONE,
  /** For the endpoint's own zone. */
  ZONE,
  /** For the endpoint's own node. */
  NODE,
  /** For both. */
  ZONE_AND_NODE,
  /** Some that are never written here. */
  OTHER;

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

  /** The hints of a ready endpoint that has this zone and node; empty for unknown. */
  Hints of(String zone, String node) {
    boolean forZone = this != NONE && !zone.isEmpty();
    boolean forNode = this == ZONE_AND_NODE && !node.isEmpty();
    if (forZone) {
      return forNode ? ZONE_AND_NODE : ZONE;
    }
    return forNode ? NODE : NONE;
  }
}
