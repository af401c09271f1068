package io.netservice.syncer.plan;

import io.netservice.api.IpFamily;
import io.netservice.network.Attachment;
import io.netservice.network.NetworkName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Why a selected pod has no address to publish on the network of a NetService. */
public sealed interface SkipReason {

  /** The rest of a sentence that begins with "pod x: ". */
  String text();

  /** Multus, or whoever attaches pods, has written nothing yet. */
  record NoNetworkStatus() implements SkipReason {
    @Override
    public String text() {
      return "it has no network-status yet";
    }
  }

  /** What is written can't be read; {@code reason} tells why, and at which byte. */
  record Malformed(String reason) implements SkipReason {
    @Override
    public String text() {
      return "its network-status is malformed: " + reason;
    }
  }

  /**
   * It is attached, but not to this network.
   *
   * @param network the network of the NetService
   * @param attachments where it is attached, none of these on {@code network}
   */
  record NotAttached(NetworkName network, List<Attachment> attachments) implements SkipReason {
    @Override
    public String text() {
      String others = told(attachments);
      return "it is not attached to " + network + (others.isEmpty() ? "" : " but to " + others);
    }
  }

  /**
   * It is attached to the network, but by another interface.
   *
   * @param podInterface the interface that the NetService asks for
   * @param attachments on {@code network}, none of these by {@code podInterface}
   */
  record OtherInterface(NetworkName network, String podInterface, List<Attachment> attachments)
      implements SkipReason {
    @Override
    public String text() {
      return "it is not attached to "
          + network
          + " by interface "
          + podInterface
          + " but to "
          + told(attachments);
    }
  }

  /** It is attached without any address, as to a network without IPAM. */
  record NoAddress(NetworkName network) implements SkipReason {
    @Override
    public String text() {
      return "it is attached to " + network + " without an address";
    }
  }

  /** Each address it has there is one that can be nobody's endpoint. */
  record Refused(NetworkName network, List<String> addresses) implements SkipReason {
    @Override
    public String text() {
      return "it has no usable address on "
          + network
          + ": refused: "
          + String.join(", ", addresses);
    }
  }

  /** Its addresses there are of other families than those that are published. */
  record OtherFamily(NetworkName network, Set<IpFamily> families) implements SkipReason {
    @Override
    public String text() {
      return "it has no "
          + families.stream().sorted().map(IpFamily::value).collect(Collectors.joining(" or "))
          + " address on "
          + network;
    }
  }

  /** Other pods claim its addresses, and come before it. */
  record Duplicate(Map<String, String> podByAddress) implements SkipReason {
    public Duplicate {
      podByAddress = Collections.unmodifiableMap(new TreeMap<>(podByAddress));
    }

    @Override
    public String text() {
      return podByAddress.entrySet().stream()
          .map(each -> each.getKey() + " is published for pod " + each.getValue())
          .collect(Collectors.joining(", "));
    }
  }

  /** All its containers have ended, for good. */
  record Finished() implements SkipReason {
    @Override
    public String text() {
      return "it has finished";
    }
  }

  /** How many attachments are told; what else there is is counted. */
  int ATTACHMENTS_TOLD = 4;

  private static String told(List<Attachment> attachments) {
    List<String> names =
        attachments.stream()
            .filter(attachment -> !attachment.isOfCluster())
            .map(Attachment::told)
            .filter(name -> !name.isEmpty())
            .toList();
    String first = names.stream().limit(ATTACHMENTS_TOLD).collect(Collectors.joining(", "));
    int more = names.size() - ATTACHMENTS_TOLD;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  /**
   * Why a pod with these attachments has none that counts.
   *
   * @param podInterface the interface that is asked for, empty for any
   */
  static SkipReason notAttached(
      NetworkName network, Optional<String> podInterface, List<Attachment> attachments) {
    List<Attachment> onNetwork =
        attachments.stream().filter(attachment -> attachment.isOn(network)).toList();
    return podInterface.isPresent() && !onNetwork.isEmpty()
        ? new OtherInterface(network, podInterface.get(), onNetwork)
        : new NotAttached(network, attachments);
  }
}
