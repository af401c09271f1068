package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.netservice.network.IpAddress;
import java.util.Comparator;

/** One address of one pod, as it should be published. */
record PublishedEndpoint(
    String namespace,
    PodView pod,
    IpAddress address,
    String hostname,
    String zone,
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

  /** Whether Endpoints list it at all: they have no place for a pod that is being deleted. */
  boolean inEndpoints() {
    return asReady || !pod.terminating();
  }

  /** Whether Endpoints list it under {@code addresses}. */
  boolean readyInEndpoints() {
    return asReady || pod.ready();
  }

  Endpoint toSliceEndpoint(Hints hints) {
    EndpointBuilder endpoint =
        new EndpointBuilder()
            .withAddresses(address.text())
            .withNewConditions()
            .withReady(ready())
            .withServing(pod.ready())
            .withTerminating(pod.terminating())
            .endConditions()
            .withTargetRef(targetRef());
    if (!hostname.isEmpty()) {
      endpoint.withHostname(hostname);
    }
    if (!pod.nodeName().isEmpty()) {
      endpoint.withNodeName(pod.nodeName());
    }
    if (!zone.isEmpty()) {
      endpoint.withZone(zone);
    }
    if (ready()) {
      hints.addTo(endpoint, zone, pod.nodeName());
    }
    return endpoint.build();
  }

  EndpointAddress toEndpointAddress() {
    EndpointAddressBuilder result =
        new EndpointAddressBuilder().withIp(address.text()).withTargetRef(targetRef());
    if (!hostname.isEmpty()) {
      result.withHostname(hostname);
    }
    if (!pod.nodeName().isEmpty()) {
      result.withNodeName(pod.nodeName());
    }
    return result.build();
  }

  private ObjectReference targetRef() {
    return new ObjectReferenceBuilder()
        .withKind("Pod")
        .withNamespace(namespace)
        .withName(pod.name())
        .withUid(pod.uid())
        .build();
  }
}
