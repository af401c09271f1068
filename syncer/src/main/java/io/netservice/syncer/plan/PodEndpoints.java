package io.netservice.syncer.plan;

import io.netservice.network.Attachment;
import io.netservice.network.IpAddress;
import io.netservice.network.NetworkStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one pod has to publish on the network of a NetService.
 *
 * @param zone the zone of its Node, empty if there is no such Node
 * @param endpoints one for each address
 * @param skipped why there is none, empty if there is one
 * @param flaw what of its network status should not be there, empty for nothing
 */
record PodEndpoints(
    Optional<String> zone, List<PublishedEndpoint> endpoints, String skipped, String flaw) {

  boolean isIn(Optional<String> other) {
    return zone.equals(other);
  }

  /**
   * What {@code pod} has to publish.
   *
   * @param ports the ports of the NetService as they are in this pod
   */
  static PodEndpoints of(
      PlanMemory.Context context, PodView pod, Optional<String> zone, List<SlicePort> ports) {
    if (pod.network() instanceof NetworkStatus.Malformed malformed) {
      String reason = "its network-status is " + malformed.reason();
      return new PodEndpoints(zone, List.of(), reason, reason);
    } else if (pod.network() instanceof NetworkStatus.Present present) {
      return of(context, pod, zone, ports, present.attachments());
    }
    return new PodEndpoints(zone, List.of(), "it has no network-status yet", "");
  }

  private static PodEndpoints of(
      PlanMemory.Context context,
      PodView pod,
      Optional<String> zone,
      List<SlicePort> ports,
      List<Attachment> attachments) {
    Set<IpAddress> usable = new LinkedHashSet<>();
    List<String> refused = new ArrayList<>();
    boolean attached = false;
    for (Attachment attachment : attachments) {
      boolean onInterface =
          context.podInterface().isEmpty()
              || context.podInterface().get().equals(attachment.podInterface());
      if (attachment.isOn(context.network()) && onInterface) {
        attached = true;
        refused.addAll(attachment.refused());
        attachment.addresses().stream()
            .filter(address -> context.families().contains(address.family()))
            .forEach(usable::add);
      }
    }
    String flaw = refused.isEmpty() ? "" : "address refused: " + String.join(", ", refused);
    if (usable.isEmpty()) {
      String reason =
          attached
              ? "it has no usable address on " + context.network()
              : "it is not attached to " + context.network();
      return new PodEndpoints(zone, List.of(), reason, flaw);
    }
    String hostname =
        !pod.hostname().isEmpty() && pod.subdomain().equals(context.name()) ? pod.hostname() : "";
    List<PublishedEndpoint> endpoints =
        usable.stream()
            .map(address -> new PublishedEndpoint(context, pod, address, hostname, zone, ports))
            .toList();
    return new PodEndpoints(zone, endpoints, "", flaw);
  }
}
