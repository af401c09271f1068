package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.netservice.api.NetService;
import java.util.Optional;

/** Labels and owners that tie objects to a NetService. */
public final class Names {

  /** The field manager of everything the syncer writes. */
  public static final String FIELD_MANAGER = "netservice-syncer";

  public static final String SERVICE_NAME = "kubernetes.io/service-name";
  public static final String SLICE_MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  public static final String ENDPOINTS_MANAGED_BY = "endpoints.kubernetes.io/managed-by";
  public static final String MANAGER = "syncer.netservice.cni.cncf.io";

  /** Keeps the endpointslice-mirroring controller from making a second set of slices. */
  static final String SKIP_MIRROR = "endpointslice.kubernetes.io/skip-mirror";

  /** What the built-in controllers put on the slices of headless Services for kube-proxy. */
  static final String HEADLESS = "service.kubernetes.io/headless";

  static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

  private Names() {}

  /** The controlling owner of {@code object}, if there is one. */
  public static Optional<OwnerReference> controller(HasMetadata object) {
    if (object.getMetadata().getOwnerReferences() == null) {
      return Optional.empty();
    }
    return object.getMetadata().getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .findFirst();
  }

  /** Whether {@code owner} controls {@code object}: the same object, not merely one of its name. */
  public static boolean controls(NetService owner, HasMetadata object) {
    return controller(object)
        .filter(reference -> owner.getMetadata().getUid().equals(reference.getUid()))
        .isPresent();
  }

  static OwnerReference ownerReference(NetService owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(NetService.API_VERSION)
        .withKind(NetService.KIND)
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }
}
