package io.netservice.deploy;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.netservice.api.Condition;
import io.netservice.api.NetService;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a client of the API server sees of one NetService. */
final class Published {

  private final KubernetesClient client;
  private final String namespace;
  private final String name;

  Published(KubernetesClient client, String namespace, String name) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
  }

  /** All slices of a namespace by the name of their Service, in one request. */
  static Map<String, List<EndpointSlice>> slicesByService(
      KubernetesClient client, String namespace) {
    return client
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace(namespace)
        .list()
        .getItems()
        .stream()
        .collect(
            Collectors.groupingBy(
                slice ->
                    slice
                        .getMetadata()
                        .getLabels()
                        .getOrDefault("kubernetes.io/service-name", "")));
  }

  /** All Endpoints of a namespace by name, in one request. */
  static Map<String, Endpoints> endpointsByName(KubernetesClient client, String namespace) {
    return client.endpoints().inNamespace(namespace).list().getItems().stream()
        .collect(Collectors.toMap(each -> each.getMetadata().getName(), each -> each));
  }

  Service service() {
    return client.services().inNamespace(namespace).withName(name).get();
  }

  /** The cluster IP of the Service; empty while there is none, as when it is being replaced. */
  Optional<String> clusterIp() {
    return Optional.ofNullable(service()).map(service -> service.getSpec().getClusterIP());
  }

  Endpoints endpoints() {
    return client.endpoints().inNamespace(namespace).withName(name).get();
  }

  List<EndpointSlice> slices() {
    return client
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace(namespace)
        .withLabel("kubernetes.io/service-name", name)
        .list()
        .getItems();
  }

  /** The addresses of all slices with whether they are ready: {@code 10.0.0.1 ready}. */
  Set<String> inSlices() {
    Set<String> result = new TreeSet<>();
    for (EndpointSlice slice : slices()) {
      if (slice.getEndpoints() == null) {
        continue;
      }
      slice
          .getEndpoints()
          .forEach(
              endpoint ->
                  endpoint
                      .getAddresses()
                      .forEach(
                          address ->
                              result.add(
                                  address
                                      + (endpoint.getConditions().getReady()
                                          ? " ready"
                                          : " not ready"))));
    }
    return result;
  }

  /** The zones of all endpoints. */
  Set<String> zones() {
    return slices().stream()
        .filter(slice -> slice.getEndpoints() != null)
        .flatMap(slice -> slice.getEndpoints().stream())
        .map(Endpoint::getZone)
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  /** The addresses of the Endpoints in the same form. */
  Set<String> inEndpoints() {
    Set<String> result = new TreeSet<>();
    Endpoints endpoints = endpoints();
    if (endpoints != null) {
      endpoints
          .getSubsets()
          .forEach(
              subset -> {
                for (EndpointAddress each : subset.getAddresses()) {
                  result.add(each.getIp() + " ready");
                }
                for (EndpointAddress each : subset.getNotReadyAddresses()) {
                  result.add(each.getIp() + " not ready");
                }
              });
    }
    return result;
  }

  /** Waits until slices and Endpoints both hold exactly these. */
  void await(String... expected) {
    Await.equal(name + " in slices", Set.of(expected), this::inSlices);
    Await.equal(name + " in Endpoints", Set.of(expected), this::inEndpoints);
  }

  NetService netService() {
    return client.resources(NetService.class).inNamespace(namespace).withName(name).get();
  }

  /** The reason of condition Ready, with the summary: {@code Published 2/2}. */
  String status() {
    NetService current = netService();
    if (current == null || current.getStatus() == null) {
      return "none";
    }
    String reason =
        current.getStatus().conditions().stream()
            .filter(condition -> condition.type().equals("Ready"))
            .map(Condition::reason)
            .findFirst()
            .orElse("none");
    return reason + " " + current.getStatus().endpoints().summary();
  }

  /** How many pods the status says are skipped, -1 while there is no status. */
  int skipped() {
    NetService current = netService();
    return current == null || current.getStatus() == null
        ? -1
        : current.getStatus().endpoints().skipped();
  }

  /** The message of condition {@code type} while that is True, else empty. */
  String condition(String type) {
    NetService current = netService();
    if (current == null || current.getStatus() == null) {
      return "";
    }
    return current.getStatus().conditions().stream()
        .filter(condition -> condition.type().equals(type) && condition.status().equals("True"))
        .map(Condition::message)
        .findFirst()
        .orElse("");
  }
}
