package io.netservice.network;

import java.util.List;

/**
 * One entry of a pod's network status: an interface on a network.
 *
 * @param network the network; a bare name belongs to the pod's namespace
 * @param qualified whether the entry named the namespace itself
 * @param isDefault whether it is the pod's default network
 * @param podInterface the interface within the pod, empty if not told
 * @param addresses usable addresses, in the order given, each once
 * @param refused addresses that can't be an endpoint, with the reason, for a person to read
 */
public record Attachment(
    NetworkName network,
    boolean qualified,
    boolean isDefault,
    String podInterface,
    List<IpAddress> addresses,
    List<String> refused) {

  public Attachment {
    addresses = List.copyOf(addresses);
    refused = List.copyOf(refused);
  }

  /** How much of a network's name, which the pod wrote, is told. */
  private static final int MAX_TOLD = 80;

  /** Its network and interface, for a person to read; empty if it names no network. */
  public String told() {
    if (network.name().isEmpty()) {
      return "";
    }
    String name = isOfCluster() ? network.name() : network.toString();
    return NetworkStatusParser.shown(name, MAX_TOLD)
        + (podInterface.isEmpty()
            ? ""
            : " (" + NetworkStatusParser.shown(podInterface, MAX_TOLD) + ")");
  }

  /**
   * Whether this is an attachment to {@code wanted}. A default network with a bare name is the
   * cluster's own, which no NetworkAttachmentDefinition describes: it is nobody's match.
   */
  public boolean isOn(NetworkName wanted) {
    return network.equals(wanted) && !isOfCluster();
  }

  /** Whether this is the cluster's own network, which every pod has. */
  public boolean isOfCluster() {
    return isDefault && !qualified;
  }
}
