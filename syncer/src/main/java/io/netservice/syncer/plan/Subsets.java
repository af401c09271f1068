package io.netservice.syncer.plan;

import io.netservice.api.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The subsets of Endpoints. Those of a family are what RepackSubsets of k8s.io/kubernetes makes:
 * each port with all addresses that offer it, then ports with the same addresses together. The
 * built-in controller does so for the Service's first family alone; here both families are in, and
 * subsets of the two with the same ports are one.
 */
final class Subsets {

  /** What the built-in controller writes at most (maxCapacity of the endpoints controller). */
  static final int MAX_ADDRESSES = 1000;

  private final List<Subset> subsets = new ArrayList<>();
  private final boolean truncated;

  /** Addresses with the same ports; none of a subset's are in it twice. */
  private record Subset(
      List<SlicePort> ports, List<PublishedEndpoint> ready, List<PublishedEndpoint> notReady) {}

  /**
   * The subsets for {@code selection}.
   *
   * @param withoutPorts whether the NetService has no ports: only then is an address without a port
   *     anything that a client could use
   */
  Subsets(Selection selection, boolean withoutPorts) {
    Map<List<SlicePort>, List<PublishedEndpoint>> byPorts = new TreeMap<>(Selection.BY_PORTS);
    for (IpFamily family : IpFamily.values()) {
      repacked(selection.of(family), withoutPorts)
          .forEach(
              (ports, endpoints) ->
                  byPorts.computeIfAbsent(ports, any -> new ArrayList<>()).addAll(endpoints));
    }
    byPorts.forEach(
        (ports, endpoints) -> {
          endpoints.sort(Comparator.comparing(PublishedEndpoint::address));
          subsets.add(
              new Subset(
                  ports,
                  endpoints.stream().filter(PublishedEndpoint::readyInEndpoints).toList(),
                  endpoints.stream().filter(each -> !each.readyInEndpoints()).toList()));
        });
    truncated = truncate();
  }

  private static Map<List<SlicePort>, List<PublishedEndpoint>> repacked(
      Map<List<SlicePort>, List<PublishedEndpoint>> byPorts, boolean withoutPorts) {
    Map<List<SlicePort>, List<PublishedEndpoint>> groups = new LinkedHashMap<>();
    byPorts.forEach(
        (ports, endpoints) -> {
          List<PublishedEndpoint> members =
              endpoints.stream().filter(PublishedEndpoint::inEndpoints).toList();
          if (!members.isEmpty()) {
            groups.put(ports, members);
          }
        });
    if (withoutPorts) {
      return groups;
    }
    // An address is in one group only: two ports have the same addresses if the same groups have
    // them. A group without any port is in none of these.
    Map<SlicePort, List<List<SlicePort>>> groupsOf = new TreeMap<>(SlicePort.ORDER);
    for (List<SlicePort> ports : groups.keySet()) {
      for (SlicePort port : ports) {
        groupsOf.computeIfAbsent(port, any -> new ArrayList<>()).add(ports);
      }
    }
    Map<List<List<SlicePort>>, List<SlicePort>> portsOf = new LinkedHashMap<>();
    groupsOf.forEach(
        (port, having) -> portsOf.computeIfAbsent(having, any -> new ArrayList<>()).add(port));
    Map<List<SlicePort>, List<PublishedEndpoint>> result = new LinkedHashMap<>();
    portsOf.forEach(
        (having, ports) ->
            result.put(ports, having.stream().map(groups::get).flatMap(List::stream).toList()));
    return result;
  }

  /**
   * As truncateEndpoints of the endpoints controller: ready addresses before the others, of each
   * subset its share, rounded up, as long as there is room.
   */
  private boolean truncate() {
    int ready = subsets.stream().mapToInt(subset -> subset.ready.size()).sum();
    int notReady = subsets.stream().mapToInt(subset -> subset.notReady.size()).sum();
    if (ready + notReady <= MAX_ADDRESSES) {
      return false;
    }
    boolean tooManyReady = ready > MAX_ADDRESSES;
    int most = tooManyReady ? MAX_ADDRESSES : MAX_ADDRESSES - ready;
    int of = tooManyReady ? ready : notReady;
    int room = most;
    for (int i = 0; i < subsets.size(); i++) {
      Subset subset = subsets.get(i);
      List<PublishedEndpoint> cut = tooManyReady ? subset.ready : subset.notReady;
      int share = (int) Math.ceil((double) cut.size() / of * most);
      List<PublishedEndpoint> kept = cut.subList(0, Math.min(Math.min(share, room), cut.size()));
      room -= kept.size();
      subsets.set(
          i,
          tooManyReady
              ? new Subset(subset.ports, kept, List.of())
              : new Subset(subset.ports, subset.ready, kept));
    }
    return true;
  }

  /** Whether there were too many addresses, so that some are missing. */
  boolean truncated() {
    return truncated;
  }

  /** Those that hold somebody: the API refuses empty ones. */
  List<EndpointsObject.Subset> filled() {
    return subsets.stream()
        .filter(subset -> !subset.ready.isEmpty() || !subset.notReady.isEmpty())
        .map(
            subset ->
                new EndpointsObject.Subset(
                    subset.ports,
                    subset.ready.stream().map(PublishedEndpoint::toAddress).toList(),
                    subset.notReady.stream().map(PublishedEndpoint::toAddress).toList()))
        .toList();
  }
}
