package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.netservice.api.NetService;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The Endpoints of a NetService, for clients that do not read slices. */
final class EndpointsPlan {

  private static final Map<String, String> OWN_LABELS =
      Map.of(Names.SKIP_MIRROR, "true", Names.ENDPOINTS_MANAGED_BY, Names.MANAGER);

  private EndpointsPlan() {}

  /**
   * The Endpoints to create or to update; empty if those that exist are right.
   *
   * @param trigger when the change happened that is being reacted to
   */
  static Optional<Endpoints> change(
      NetService owner, Current current, Selection selection, Optional<String> trigger) {
    Endpoints base = current.endpoints().orElseGet(() -> empty(owner));
    Endpoints wanted = wanted(owner, base, current.serviceLabels(), selection);
    if (current.endpoints().isPresent() && wanted.equals(base)) {
      return Optional.empty();
    }
    var metadata = wanted.getMetadata();
    metadata.setAnnotations(Names.annotations(metadata.getAnnotations(), trigger));
    return Optional.of(wanted);
  }

  private static Endpoints wanted(
      NetService owner, Endpoints base, Map<String, String> serviceLabels, Selection selection) {
    Subsets subsets = new Subsets(selection, owner.getSpec().ports().isEmpty());
    Map<String, String> existing = base.getMetadata().getAnnotations();
    Map<String, String> annotations =
        new TreeMap<>(existing == null ? Map.<String, String>of() : existing);
    annotations.remove(Names.OVER_CAPACITY);
    if (subsets.truncated()) {
      annotations.put(Names.OVER_CAPACITY, "truncated");
    }
    return new EndpointsBuilder(base)
        .withSubsets(subsets.toEndpointSubsets())
        .editMetadata()
        .withLabels(Names.labels(owner, serviceLabels, OWN_LABELS))
        .withAnnotations(annotations)
        .endMetadata()
        .build();
  }

  private static Endpoints empty(NetService owner) {
    return new EndpointsBuilder()
        .withNewMetadata()
        .withNamespace(owner.getMetadata().getNamespace())
        .withName(owner.getMetadata().getName())
        .withOwnerReferences(Names.ownerReference(owner))
        .endMetadata()
        .build();
  }
}
