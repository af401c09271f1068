package io.netservice.deploy;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What is published under one name, one line for each endpoint with its ports, in a form in which
 * an ordinary Service and a NetService compare. How endpoints are spread over slices or subsets
 * makes no difference; that an endpoint is there twice does.
 */
final class Facts {

  private static final String HEADLESS = "service.kubernetes.io/headless";

  private final UnaryOperator<String> address;
  private final BinaryOperator<String> hostnameOf;
  private final List<String> lines = new ArrayList<>();

  /**
   * No facts yet.
   *
   * @param address gives the address to show for a published one
   * @param hostnameOf gives the hostname that a pod of that name should have under a Service of
   *     that name, empty for none. A pod has one subdomain, so an ordinary Service and a
   *     NetService, whose names differ, can't both publish its hostname: what is compared is
   *     whether each keeps the rule
   */
  Facts(UnaryOperator<String> address, BinaryOperator<String> hostnameOf) {
    this.address = address;
    this.hostnameOf = hostnameOf;
  }

  /** All lines, sorted. */
  List<String> lines() {
    return lines.stream().sorted().toList();
  }

  Facts slices(List<EndpointSlice> slices) {
    slices.stream()
        .map(
            slice ->
                "slices    %s%s".formatted(slice.getAddressType(), headless(slice.getMetadata())))
        .distinct()
        .forEach(lines::add);
    // The endpointslice controller leaves its placeholder beside other slices where a pod without
    // an address of the family and without ports comes: as good as none.
    Set<String> inUse =
        slices.stream()
            .filter(slice -> !orEmpty(slice.getEndpoints()).isEmpty())
            .map(EndpointSlice::getAddressType)
            .collect(Collectors.toSet());
    for (EndpointSlice slice : slices) {
      String service = slice.getMetadata().getLabels().get("kubernetes.io/service-name");
      String start = "slices    " + slice.getAddressType() + ports(slice);
      List<Endpoint> endpoints = orEmpty(slice.getEndpoints());
      if (!inUse.contains(slice.getAddressType())) {
        lines.add(start + " nobody");
      }
      for (Endpoint each : endpoints) {
        String addresses =
            each.getAddresses().stream().map(address).collect(Collectors.joining(","));
        lines.add(
            start
                + " "
                + addresses
                + conditions(each.getConditions())
                + shown("node", each.getNodeName())
                + shown("zone", each.getZone())
                + pod(each.getTargetRef(), each.getHostname(), service));
      }
    }
    return this;
  }

  Facts endpoints(Endpoints endpoints) {
    if (endpoints == null) {
      return this;
    }
    String service = endpoints.getMetadata().getName();
    String labelled = "Endpoints" + headless(endpoints.getMetadata());
    if (!lines.contains(labelled)) {
      lines.add(labelled);
    }
    for (EndpointSubset subset : orEmpty(endpoints.getSubsets())) {
      // The endpoints controller puts ports with the same addresses into one subset, not addresses
      // with the same ports: the pairs that both mean are the same.
      List<String> ports =
          orEmpty(subset.getPorts()).stream()
              .map(p -> port(p.getName(), p.getPort(), p.getProtocol(), p.getAppProtocol()))
              .toList();
      for (String port : ports.isEmpty() ? List.of("no port") : ports) {
        for (EndpointAddress each : orEmpty(subset.getAddresses())) {
          lines.add("Endpoints " + port + endpoint(each, service) + " ready");
        }
        for (EndpointAddress each : orEmpty(subset.getNotReadyAddresses())) {
          lines.add("Endpoints " + port + endpoint(each, service) + " not-ready");
        }
      }
    }
    return this;
  }

  private String endpoint(EndpointAddress each, String service) {
    return " "
        + address.apply(each.getIp())
        + shown("node", each.getNodeName())
        + pod(each.getTargetRef(), each.getHostname(), service);
  }

  private static String headless(ObjectMeta metadata) {
    Map<String, String> labels = metadata.getLabels() == null ? Map.of() : metadata.getLabels();
    return labels.containsKey(HEADLESS) ? " labelled headless" : " not labelled headless";
  }

  private static String ports(EndpointSlice slice) {
    return " "
        + new TreeSet<>(
            orEmpty(slice.getPorts()).stream()
                .map(p -> port(p.getName(), p.getPort(), p.getProtocol(), p.getAppProtocol()))
                .toList());
  }

  private static String port(String name, Integer number, String protocol, String application) {
    return "%s:%d/%s%s"
        .formatted(
            Objects.toString(name, ""),
            number,
            Objects.toString(protocol, "TCP"),
            application == null ? "" : "/" + application);
  }

  /** What is not told means: ready, serving as ready, not terminating (discovery/v1 types). */
  private static String conditions(EndpointConditions told) {
    boolean ready = told == null || !Boolean.FALSE.equals(told.getReady());
    boolean serving = (told == null || told.getServing() == null) ? ready : told.getServing();
    boolean terminating = told != null && Boolean.TRUE.equals(told.getTerminating());
    return (ready ? " ready" : " not-ready")
        + (serving ? " serving" : " not-serving")
        + (terminating ? " terminating" : "");
  }

  private String pod(ObjectReference pod, String hostname, String service) {
    if (pod == null) {
      return " no pod" + shown("hostname", hostname);
    }
    String expected = hostnameOf.apply(pod.getName(), service);
    String ruled =
        expected.equals(Objects.toString(hostname, ""))
            ? ""
            : " hostname='%s' but should be '%s'"
                .formatted(Objects.toString(hostname, ""), expected);
    String uid = Objects.toString(pod.getUid(), "");
    return " %s=%s/%s#%s%s"
        .formatted(
            pod.getKind(),
            pod.getNamespace(),
            pod.getName(),
            uid.substring(Math.max(0, uid.length() - 6)),
            ruled);
  }

  private static String shown(String what, String value) {
    return value == null || value.isEmpty() ? "" : " " + what + "=" + value;
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }

  /** Only what differs, a line for each endpoint; empty if nothing does. */
  static String difference(List<String> ordinary, List<String> network) {
    Map<String, Integer> counts = new HashMap<>();
    ordinary.forEach(line -> counts.merge(line, 1, Integer::sum));
    network.forEach(line -> counts.merge(line, -1, Integer::sum));
    List<String> told = new ArrayList<>();
    counts.forEach(
        (line, count) ->
            told.addAll(
                Collections.nCopies(
                    Math.abs(count), line + (count > 0 ? "  <- ordinary" : "  <- NetService"))));
    Collections.sort(told);
    return String.join("\n", told);
  }
}
