package io.netservice.syncer.plan;

import io.netservice.api.IpFamily;
import io.netservice.api.NetService;
import io.netservice.api.NetServicePort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A plan with the reasons for it, for people.
 *
 * @param plan what is to be written
 * @param obstacle why nothing can be published, empty if it can
 * @param pods the selected pods by name
 * @param slices what slices should list, by family and ports
 * @param subsets what Endpoints should list, empty where none are written
 */
public record Explained(
    Plan plan,
    Optional<String> obstacle,
    List<PodVerdict> pods,
    List<Group> slices,
    Optional<List<EndpointsObject.Subset>> subsets) {

  public Explained {
    pods = List.copyOf(pods);
    slices = List.copyOf(slices);
  }

  /** Endpoints of one family with the same ports, of however many slices. */
  public record Group(IpFamily family, List<SlicePort> ports, List<SliceEndpoint> endpoints) {}

  /** What should be published of {@code selection}. */
  static List<Group> groups(Selection selection) {
    List<Group> groups = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      selection
          .inSlices(family)
          .forEach(
              (ports, endpoints) ->
                  groups.add(
                      new Group(
                          family,
                          ports,
                          endpoints.stream().map(PublishedEndpoint::toSliceEndpoint).toList())));
    }
    return groups;
  }

  /** What becomes of each of {@code pods}, by name. */
  static List<PodVerdict> verdicts(
      NetService owner, Collection<PodView> pods, Selection selection, PlanMemory memory) {
    return pods.stream()
        .sorted(Comparator.comparing(PodView::name))
        .map(pod -> verdict(owner, pod, selection, memory))
        .toList();
  }

  private static PodVerdict verdict(
      NetService owner, PodView pod, Selection selection, PlanMemory memory) {
    if (pod.finished()) {
      return new PodVerdict(
          pod, List.of(), Optional.of(new SkipReason.Finished()), List.of(), List.of());
    }
    PodEndpoints own = selection.outdone(pod.name()).orElseGet(() -> memory.known(pod));
    List<PodVerdict.Address> addresses =
        own.endpoints().stream()
            .map(
                endpoint ->
                    new PodVerdict.Address(
                        endpoint.address().text(),
                        Optional.ofNullable(own.taken().get(endpoint.address().text())),
                        endpoint.ready(),
                        endpoint.inSlices(),
                        endpoint.inEndpoints()))
            .toList();
    return new PodVerdict(pod, addresses, own.skipped(), own.refused(), missingPorts(owner, pod));
  }

  private static List<String> missingPorts(NetService owner, PodView pod) {
    return owner.getSpec().ports().stream()
        .filter(port -> SlicePort.number(port, pod).isEmpty())
        .map(Explained::named)
        .toList();
  }

  private static String named(NetServicePort port) {
    return port.target().getStrVal() + "/" + port.protocol();
  }
}
