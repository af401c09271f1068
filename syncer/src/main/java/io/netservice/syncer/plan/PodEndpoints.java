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
 * @param refused addresses on the network that can't be an endpoint, with the reason
 * @param isStarting whether it is skipped because it has not come up yet, which passes
 */
record PodEndpoints(
    Optional<String> zone,
    List<PublishedEndpoint> endpoints,
    Optional<SkipReason> skipped,
    List<String> refused,
    boolean isStarting) {

  private static final Optional<SkipReason> NO_STATUS =
      Optional.of(new SkipReason.NoNetworkStatus());

  boolean isIn(Optional<String> other) {
    return zone.equals(other);
  }

  /** Whether something of it is left out that will not come by itself. */
  boolean isTroubled() {
    return !refused.isEmpty() || (skipped.isPresent() && !isStarting);
  }

  /** What is left out and why, the rest of a sentence that begins with "pod x: ". */
  String trouble() {
    return skipped
        .map(SkipReason::text)
        .orElseGet(() -> "address refused: " + String.join(", ", refused));
  }

  /**
   * What {@code pod} has to publish.
   *
   * @param ports the ports of the NetService as they are in this pod
   */
  static PodEndpoints of(
      PlanMemory.Context context, PodView pod, Optional<String> zone, List<SlicePort> ports) {
    if (pod.network() instanceof NetworkStatus.Malformed malformed) {
      return skipped(zone, new SkipReason.Malformed(malformed.reason()));
    } else if (pod.network() instanceof NetworkStatus.Present present) {
      return of(context, pod, zone, ports, present.attachments());
    }
    return new PodEndpoints(
        zone, List.of(), NO_STATUS, List.of(), !pod.ready() || pod.terminating());
  }

  private static PodEndpoints skipped(Optional<String> zone, SkipReason reason) {
    return new PodEndpoints(zone, List.of(), Optional.of(reason), List.of(), false);
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
    boolean otherFamily = false;
    for (Attachment attachment : attachments) {
      boolean onInterface =
          context.podInterface().isEmpty()
              || context.podInterface().get().equals(attachment.podInterface());
      if (attachment.isOn(context.network()) && onInterface) {
        attached = true;
        refused.addAll(attachment.refused());
        for (IpAddress address : attachment.addresses()) {
          if (context.families().contains(address.family())) {
            usable.add(address);
          } else {
            otherFamily = true;
          }
        }
      }
    }
    if (!attached) {
      return skipped(
          zone, SkipReason.notAttached(context.network(), context.podInterface(), attachments));
    } else if (usable.isEmpty()) {
      return skipped(
          zone,
          !refused.isEmpty()
              ? new SkipReason.Refused(context.network(), List.copyOf(refused))
              : otherFamily
                  ? new SkipReason.OtherFamily(context.network(), context.families())
                  : new SkipReason.NoAddress(context.network()));
    }
    String hostname =
        !pod.hostname().isEmpty() && pod.subdomain().equals(context.name()) ? pod.hostname() : "";
    List<PublishedEndpoint> endpoints =
        usable.stream()
            .map(address -> new PublishedEndpoint(context, pod, address, hostname, zone, ports))
            .toList();
    return new PodEndpoints(zone, endpoints, Optional.empty(), List.copyOf(refused), false);
  }
}
