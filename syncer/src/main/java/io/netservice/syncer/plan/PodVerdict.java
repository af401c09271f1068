package io.netservice.syncer.plan;

import java.util.List;
import java.util.Optional;

/**
 * What becomes of one selected pod, and why.
 *
 * @param addresses what it has to publish on the network, each with what becomes of it
 * @param skipped why nothing of it is published; empty if something is
 * @param refused addresses on the network that can't be an endpoint, with the reason
 * @param missingPorts ports of the NetService, by the name that is looked for, that it has not
 */
public record PodVerdict(
    PodView pod,
    List<Address> addresses,
    Optional<SkipReason> skipped,
    List<String> refused,
    List<String> missingPorts) {

  public PodVerdict {
    addresses = List.copyOf(addresses);
    refused = List.copyOf(refused);
    missingPorts = List.copyOf(missingPorts);
  }

  /**
   * An address of the pod.
   *
   * @param takenBy another pod that claims it and comes first, empty for none
   * @param ready whether it is published as ready
   * @param inSlices whether slices list it: not while the pod's Node does not exist
   * @param inEndpoints whether Endpoints list it: not while the pod is being deleted
   */
  public record Address(
      String text, Optional<String> takenBy, boolean ready, boolean inSlices, boolean inEndpoints) {

    /** Whether it is published at all. */
    public boolean isPublished() {
      return takenBy.isEmpty() && (inSlices || inEndpoints);
    }
  }
}
