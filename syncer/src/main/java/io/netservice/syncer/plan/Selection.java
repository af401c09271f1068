package io.netservice.syncer.plan;

import io.netservice.api.IpFamily;
import io.netservice.api.NetService;
import io.netservice.api.NetServiceSpec;
import io.netservice.network.Attachment;
import io.netservice.network.IpAddress;
import io.netservice.network.NetworkName;
import io.netservice.network.NetworkStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Who is published: the addresses of the pods on the network, each address once, grouped by family
 * and ports; and which pods are not, with the reason.
 */
final class Selection {

  static final Comparator<List<SlicePort>> BY_PORTS =
      Comparator.comparing((List<SlicePort> ports) -> ports.toString());

  private final Map<IpFamily, Map<List<SlicePort>, List<PublishedEndpoint>>> groups =
      new EnumMap<>(IpFamily.class);
  private final Map<String, String> skipped = new TreeMap<>();
  private final Map<String, String> flawed = new TreeMap<>();
  private int candidates;
  private boolean allOnKnownNodes = true;

  private Selection() {
    for (IpFamily family : IpFamily.values()) {
      groups.put(family, new TreeMap<>(BY_PORTS));
    }
  }

  /**
   * Selects from {@code pods} what is published for {@code owner}.
   *
   * @param families the families to publish
   */
  static Selection of(
      NetService owner,
      Collection<PodView> pods,
      Set<IpFamily> families,
      Function<String, Optional<String>> zoneOf) {
    Selection selection = new Selection();
    NetServiceSpec spec = owner.getSpec();
    String namespace = owner.getMetadata().getNamespace();
    NetworkName network = NetworkName.parse(spec.netAttachDef(), namespace);
    Map<IpAddress, PublishedEndpoint> claims = new HashMap<>();
    for (PodView pod : pods) {
      if (pod.finished()) {
        continue;
      }
      selection.candidates++;
      Set<IpAddress> addresses = selection.addresses(pod, network, spec.podInterface(), families);
      String hostname =
          !pod.hostname().isEmpty() && pod.subdomain().equals(owner.getMetadata().getName())
              ? pod.hostname()
              : "";
      Optional<String> zone =
          pod.nodeName().isEmpty() ? Optional.of("") : zoneOf.apply(pod.nodeName());
      selection.allOnKnownNodes &= zone.isPresent();
      for (IpAddress address : addresses) {
        claims.merge(
            address,
            new PublishedEndpoint(
                namespace,
                pod,
                address,
                hostname,
                zone.orElse(""),
                zone.isPresent(),
                spec.publishNotReadyAddresses()),
            (one, other) -> PublishedEndpoint.CLAIM.compare(one, other) <= 0 ? one : other);
      }
    }
    List<PublishedEndpoint> published = new ArrayList<>(claims.values());
    published.sort(Comparator.comparing(PublishedEndpoint::address));
    for (PublishedEndpoint endpoint : published) {
      selection
          .groups
          .get(endpoint.address().family())
          .computeIfAbsent(SlicePort.of(spec.ports(), endpoint.pod()), any -> new ArrayList<>())
          .add(endpoint);
    }
    return selection;
  }

  private Set<IpAddress> addresses(
      PodView pod, NetworkName network, String podInterface, Set<IpFamily> families) {
    Set<IpAddress> usable = new LinkedHashSet<>();
    List<String> refused = new ArrayList<>();
    boolean attached = false;
    if (pod.network() instanceof NetworkStatus.Malformed malformed) {
      skip(pod, "its network-status is " + malformed.reason(), true);
      return Set.of();
    } else if (pod.network() instanceof NetworkStatus.Present present) {
      for (Attachment attachment : present.attachments()) {
        boolean onInterface =
            podInterface == null || podInterface.equals(attachment.podInterface());
        if (attachment.isOn(network) && onInterface) {
          attached = true;
          refused.addAll(attachment.refused());
          attachment.addresses().stream()
              .filter(address -> families.contains(address.family()))
              .forEach(usable::add);
        }
      }
    }
    if (!refused.isEmpty()) {
      flawed.put(pod.name(), "address refused: " + String.join(", ", refused));
    }
    if (usable.isEmpty()) {
      if (pod.network() instanceof NetworkStatus.Absent) {
        skip(pod, "it has no network-status yet", false);
      } else if (attached) {
        skip(pod, "it has no usable address on " + network, !refused.isEmpty());
      } else {
        skip(pod, "it is not attached to " + network, false);
      }
    }
    return usable;
  }

  private void skip(PodView pod, String reason, boolean isFault) {
    skipped.put(pod.name(), reason);
    if (isFault) {
      flawed.putIfAbsent(pod.name(), reason);
    }
  }

  /** What Endpoints choose from, by ports. */
  Map<List<SlicePort>, List<PublishedEndpoint>> of(IpFamily family) {
    return groups.get(family);
  }

  /** What slices list, by ports. */
  Map<List<SlicePort>, List<PublishedEndpoint>> inSlices(IpFamily family) {
    if (allOnKnownNodes) {
      return groups.get(family);
    }
    Map<List<SlicePort>, List<PublishedEndpoint>> listed = new TreeMap<>(BY_PORTS);
    groups
        .get(family)
        .forEach(
            (ports, endpoints) -> {
              List<PublishedEndpoint> known =
                  endpoints.stream().filter(PublishedEndpoint::inSlices).toList();
              if (!known.isEmpty()) {
                listed.put(ports, known);
              }
            });
    return listed;
  }

  List<PublishedEndpoint> endpoints() {
    return groups.values().stream()
        .flatMap(family -> family.values().stream())
        .flatMap(List::stream)
        .toList();
  }

  /** Selected pods that have not finished. */
  int candidates() {
    return candidates;
  }

  /** Pods without any endpoint, by name, with the reason. */
  Map<String, String> skipped() {
    return skipped;
  }

  /** Pods whose network status holds something that should not be there, with what. */
  Map<String, String> flawed() {
    return flawed;
  }
}
