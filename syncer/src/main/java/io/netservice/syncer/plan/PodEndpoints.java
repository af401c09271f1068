package io.netservice.syncer.plan;

import io.netservice.network.Attachment;
import io.netservice.network.IpAddress;
import io.netservice.network.NetworkStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one pod has to publish on the network of a NetService.
 *
 * @param zone the zone of its Node, empty if there is no such Node
 * @param endpoints one for each address
 * @param skipped why there is none, empty if there is one
 * @param refused addresses on the network that can't be an endpoint, with the reason
 * @param taken addresses that are published for other pods, with the names of these
 * @param isPassing whether what is left out of it is no trouble, as it is coming up or going
 */
record PodEndpoints(
    Optional<String> zone,
    List<PublishedEndpoint> endpoints,
    Optional<SkipReason> skipped,
    List<String> refused,
    Map<String, String> taken,
    boolean isPassing) {

  private static final Optional<SkipReason> NO_STATUS =
      Optional.of(new SkipReason.NoNetworkStatus());

  boolean isIn(Optional<String> other) {
    return zone.equals(other);
  }

  /** Whether something of it is left out that will not come by itself. */
  boolean isTroubled() {
    return !refused.isEmpty() || (!isPassing && (skipped.isPresent() || !taken.isEmpty()));
  }

  /** What is left out and why, the rest of a sentence that begins with "pod x: ". */
  String trouble() {
    if (skipped.isPresent() && taken.isEmpty()) {
      return skipped.get().text();
    }
    List<String> parts = new ArrayList<>();
    if (!refused.isEmpty()) {
      parts.add("address refused: " + String.join(", ", refused));
    }
    if (!taken.isEmpty() && !isPassing) {
      parts.add(new SkipReason.Duplicate(taken).text());
    }
    return String.join(", ", parts);
  }

  /**
   * What is left of it.
   *
   * @param pod whose endpoints these are
   * @param others the pods for which addresses of its are published, by address, at least one
   */
  PodEndpoints outdone(PodView pod, Map<String, String> others) {
    return new PodEndpoints(
        zone,
        endpoints,
        others.size() < endpoints.size()
            ? Optional.empty()
            : Optional.of(new SkipReason.Duplicate(others)),
        refused,
        others,
        isPassing(pod));
  }

  /** Whether nobody need mind yet, or any more, what {@code pod} lacks. */
  private static boolean isPassing(PodView pod) {
    return !pod.ready() || pod.terminating();
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
    return new PodEndpoints(zone, List.of(), NO_STATUS, List.of(), Map.of(), isPassing(pod));
  }

  private static PodEndpoints skipped(Optional<String> zone, SkipReason reason) {
    return new PodEndpoints(zone, List.of(), Optional.of(reason), List.of(), Map.of(), false);
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
    return new PodEndpoints(
        zone, endpoints, Optional.empty(), List.copyOf(refused), Map.of(), false);
  }
}
