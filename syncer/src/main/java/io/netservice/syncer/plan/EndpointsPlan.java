package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.netservice.api.NetService;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The Endpoints of a NetService, for clients that do not read slices. */
final class EndpointsPlan {

  private static final Map<String, String> OWN_LABELS =
      Map.of(Names.SKIP_MIRROR, "true", Names.ENDPOINTS_MANAGED_BY, Names.MANAGER);

  private static final String TRUNCATED = "truncated";

  private EndpointsPlan() {}

  /**
   * The Endpoints to create or to update; empty if those that exist are right.
   *
   * @param trigger when the change happened that is being reacted to
   */
  static Optional<EndpointsObject> change(
      NetService owner, Current current, Selection selection, Optional<String> trigger) {
    Subsets subsets = new Subsets(selection, owner.getSpec().ports().isEmpty());
    List<EndpointsObject.Subset> wanted = subsets.filled();
    Map<String, String> labels = Names.labels(owner, current.serviceLabels(), OWN_LABELS);
    ObjectMeta base =
        current.endpoints().map(EndpointsObject::metadata).orElseGet(() -> metadata(owner));
    Map<String, String> existing = base.getAnnotations() == null ? Map.of() : base.getAnnotations();
    boolean isRight =
        current.endpoints().filter(known -> known.subsets().equals(wanted)).isPresent()
            && labels.equals(base.getLabels())
            && Names.controls(owner, base)
            && Objects.equals(
                existing.get(Names.OVER_CAPACITY), subsets.truncated() ? TRUNCATED : null);
    if (isRight) {
      return Optional.empty();
    }
    Map<String, String> annotations = Names.annotations(existing, trigger);
    annotations.remove(Names.OVER_CAPACITY);
    if (subsets.truncated()) {
      annotations.put(Names.OVER_CAPACITY, TRUNCATED);
    }
    return Optional.of(
        new EndpointsObject(Names.metadata(owner, base, labels, annotations), wanted));
  }

  private static ObjectMeta metadata(NetService owner) {
    ObjectMeta metadata = new ObjectMeta();
    metadata.setNamespace(owner.getMetadata().getNamespace());
    metadata.setName(owner.getMetadata().getName());
    return metadata;
  }
}
