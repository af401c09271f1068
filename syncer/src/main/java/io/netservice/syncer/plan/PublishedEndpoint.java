package io.netservice.syncer.plan;

import io.netservice.network.IpAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One address of one pod, as it should be published. What it is in slices and in Endpoints is made
 * once and then compared by identity, as long as nothing about the pod changes. Safe for use from
 * one thread at a time.
 */
final class PublishedEndpoint {

  /**
   * Which of two pods that claim the same address has it: the ready one before the not ready, the
   * older before the newer. A pod that is ready and being deleted serves on, so it comes before one
   * that is not ready; of two that are not, the one that stays comes first.
   */
  static final Comparator<PublishedEndpoint> CLAIM =
      Comparator.comparing((PublishedEndpoint e) -> !e.pod.ready())
          .thenComparing(e -> e.pod.terminating())
          .thenComparingLong(e -> e.pod.created())
          .thenComparing(e -> e.pod.uid());

  private final PlanMemory.Context context;
  private final PodView pod;
  private final IpAddress address;
  private final String hostname;
  private final Optional<String> zone;
  private final List<SlicePort> ports;
  private SliceEndpoint inSlice;
  private EndpointsObject.Address inEndpoints;

  /**
   * An address of {@code pod}.
   *
   * @param hostname its DNS name under the Service's, empty for none
   * @param zone the zone of its Node, empty if there is no such Node
   * @param ports the ports of the NetService as they are in this pod; the same list for all pods
   *     that have the same
   */
  PublishedEndpoint(
      PlanMemory.Context context,
      PodView pod,
      IpAddress address,
      String hostname,
      Optional<String> zone,
      List<SlicePort> ports) {
    this.context = context;
    this.pod = pod;
    this.address = address;
    this.hostname = hostname;
    this.zone = zone;
    this.ports = ports;
  }

  IpAddress address() {
    return address;
  }

  PodView pod() {
    return pod;
  }

  List<SlicePort> ports() {
    return ports;
  }

  private boolean asReady() {
    return context.publishNotReady();
  }

  /** {@code ready} of the slice: KEP-1672; publishNotReadyAddresses overrides both. */
  boolean ready() {
    return asReady() || (pod.ready() && !pod.terminating());
  }

  /** Whether its pod is being deleted. */
  boolean isTerminating() {
    return pod.terminating();
  }

  /**
   * Whether slices list it at all: not while its Node does not exist, because then nobody would
   * tell that the pod is dead; Endpoints list it until the pod is collected.
   */
  boolean inSlices() {
    return asReady() || zone.isPresent();
  }

  /** Whether Endpoints list it at all: they have no place for a pod that is being deleted. */
  boolean inEndpoints() {
    return asReady() || !pod.terminating();
  }

  /** Whether Endpoints list it under {@code addresses}. */
  boolean readyInEndpoints() {
    return asReady() || pod.ready();
  }

  SliceEndpoint toSliceEndpoint() {
    if (inSlice == null) {
      String zoneName = zone.orElse("");
      inSlice =
          new SliceEndpoint(
              address.text(),
              ready(),
              pod.ready(),
              pod.terminating(),
              hostname,
              pod.nodeName(),
              zoneName,
              podRef(),
              ready() ? context.hints().of(zoneName, pod.nodeName()) : Hints.NONE);
    }
    return inSlice;
  }

  EndpointsObject.Address toAddress() {
    if (inEndpoints == null) {
      inEndpoints = new EndpointsObject.Address(address.text(), hostname, pod.nodeName(), podRef());
    }
    return inEndpoints;
  }

  private PodRef podRef() {
    return inSlice != null
        ? inSlice.pod()
        : inEndpoints != null
            ? inEndpoints.pod()
            : new PodRef(context.namespace(), pod.name(), pod.uid());
  }
}
