package io.netservice.syncer.explain;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What the NetServices of its namespace make of one pod, as {@code -o json} prints it.
 *
 * @param pod {@code namespace/name}
 * @param state as in {@link Explanation.Pod}
 * @param networkStatus in a line, that it has none or that it can't be read; null if it can
 * @param attachments what its network status says
 * @param netServices by name
 * @param notes what could not be looked at
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record PodExplanation(
    String pod,
    String state,
    String networkStatus,
    List<Attached> attachments,
    List<NetServiceOfPod> netServices,
    List<String> notes) {

  PodExplanation {
    attachments = List.copyOf(attachments);
    netServices = List.copyOf(netServices);
    notes = List.copyOf(notes);
  }

  /** A network with the pod's interface on it, and its addresses there. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Attached(String network, List<String> addresses, List<String> refused) {}

  /**
   * A NetService of the pod's namespace.
   *
   * @param selected whether it selects the pod
   * @param why it does not, or why nothing of the pod is published; null if something is
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record NetServiceOfPod(
      String name,
      String network,
      @JsonInclude boolean selected,
      List<Explanation.Address> addresses,
      String why,
      List<String> notes) {}
}
