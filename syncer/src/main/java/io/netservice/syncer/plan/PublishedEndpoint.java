package io.netservice.syncer.plan;

import io.netservice.network.IpAddress;
import java.util.Comparator;

/** One address of one pod, as it should be published. */
record PublishedEndpoint(
    String namespace,
    PodView pod,
    IpAddress address,
    String hostname,
    String zone,
    boolean onKnownNode,
    boolean asReady) {

  /**
   * Which of two pods that claim the same address has it: the ready one before the not ready, the
   * older before the newer. A pod that is ready and being deleted serves on, so it comes before one
   * that is not ready; of two that are not, the one that stays comes first.
   */
  static final Comparator<PublishedEndpoint> CLAIM =
      Comparator.comparing((PublishedEndpoint e) -> !e.pod.ready())
          .thenComparing(e -> e.pod.terminating())
          .thenComparing(e -> e.pod.created())
          .thenComparing(e -> e.pod.uid());

  /** {@code ready} of the slice: KEP-1672; publishNotReadyAddresses overrides both. */
  boolean ready() {
    return asReady || (pod.ready() && !pod.terminating());
  }

  /**
   * Whether slices list it at all: not while its Node does not exist, because then nobody would
   * tell that the pod is dead; Endpoints list it until the pod is collected.
   */
  boolean inSlices() {
    return asReady || onKnownNode;
  }

  /** Whether Endpoints list it at all: they have no place for a pod that is being deleted. */
  boolean inEndpoints() {
    return asReady || !pod.terminating();
  }

  /** Whether Endpoints list it under {@code addresses}. */
  boolean readyInEndpoints() {
    return asReady || pod.ready();
  }

  SliceEndpoint toSliceEndpoint(Hints hints) {
    return new SliceEndpoint(
        address.text(),
        ready(),
        pod.ready(),
        pod.terminating(),
        hostname,
        pod.nodeName(),
        zone,
        podRef(),
        ready() ? hints.of(zone, pod.nodeName()) : Hints.NONE);
  }

  EndpointsObject.Address toAddress() {
    return new EndpointsObject.Address(address.text(), hostname, pod.nodeName(), podRef());
  }

  private PodRef podRef() {
    return new PodRef(namespace, pod.name(), pod.uid());
  }
}
