package io.netservice.syncer.plan;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.netservice.api.NetService;
import io.netservice.api.ServiceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Labels and owners that tie objects to a NetService. */
public final class Names {

  /** The field manager of everything the syncer writes. */
  public static final String FIELD_MANAGER = "netservice-syncer";

  public static final String SERVICE_NAME = "kubernetes.io/service-name";
  public static final String SLICE_MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  public static final String ENDPOINTS_MANAGED_BY = "endpoints.kubernetes.io/managed-by";
  public static final String MANAGER = "syncer.netservice.cni.cncf.io";

  /** Keeps the endpointslice-mirroring controller from making a second set of slices. */
  public static final String SKIP_MIRROR = "endpointslice.kubernetes.io/skip-mirror";

  /** What the built-in controllers put on the slices of headless Services for kube-proxy. */
  static final String HEADLESS = "service.kubernetes.io/headless";

  /** When the change happened that a write reacts to; for measuring how long it took. */
  static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

  static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

  private Names() {}

  /** Whether {@code object} is on its way out: what is written to it now is lost. */
  static boolean isTerminating(ObjectMeta object) {
    return object.getDeletionTimestamp() != null;
  }

  /**
   * Whether {@code owner} is deleted without what it owns, from which the garbage collector takes
   * it away as an owner. What has none then is somebody else's to be.
   */
  static boolean isLeavingBehind(ObjectMeta owner) {
    return isTerminating(owner)
        && owner.getFinalizers() != null
        && owner.getFinalizers().contains("orphan");
  }

  /**
   * The labels of what is published beside a Service: the Service's own, as the built-in
   * controllers have them, and those that say what it is and whose.
   */
  static Map<String, String> labels(
      NetService owner, Map<String, String> ofService, Map<String, String> own) {
    Map<String, String> labels = new TreeMap<>(ofService);
    labels.remove(HEADLESS);
    if (owner.getSpec().type() == ServiceType.HEADLESS) {
      labels.put(HEADLESS, "");
    }
    labels.putAll(own);
    return labels;
  }

  /** The annotations of what is about to be written: {@code existing} with the trigger time. */
  static Map<String, String> annotations(Map<String, String> existing, Optional<String> trigger) {
    Map<String, String> annotations = existing == null ? new TreeMap<>() : new TreeMap<>(existing);
    annotations.remove(TRIGGER_TIME);
    trigger.ifPresent(time -> annotations.put(TRIGGER_TIME, time));
    return annotations;
  }

  /** Whether the labels of {@code object} say that the syncer made it. */
  public static boolean isLabelledOurs(ObjectMeta object) {
    Map<String, String> labels = object.getLabels();
    return labels != null
        && (MANAGER.equals(labels.get(SLICE_MANAGED_BY))
            || MANAGER.equals(labels.get(ENDPOINTS_MANAGED_BY)));
  }

  /** The controlling owner of {@code object}, if there is one. */
  public static Optional<OwnerReference> controller(ObjectMeta object) {
    if (object.getOwnerReferences() == null) {
      return Optional.empty();
    }
    return object.getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .findFirst();
  }

  /** Whether {@code owner} controls {@code object}: the same object, not merely one of its name. */
  public static boolean controls(NetService owner, ObjectMeta object) {
    return controller(object)
        .filter(reference -> owner.getMetadata().getUid().equals(reference.getUid()))
        .isPresent();
  }

  /**
   * Whether {@code owner} has {@code object}: what lost its owner is still ours by its label, and
   * what a predecessor left is, too.
   */
  public static boolean has(NetService owner, ObjectMeta object) {
    return controls(owner, object)
        || ((controller(object).isEmpty() || isOfPredecessor(owner, object))
            && isLabelledOurs(object));
  }

  /**
   * Whether {@code object} is controlled by a NetService of the name of {@code owner} that is not
   * {@code owner}: it was deleted. The garbage collector should remove the object, too, but may
   * take its time and after a deletion of the CRD never does; until then it would stay as it was.
   */
  public static boolean isOfPredecessor(NetService owner, ObjectMeta object) {
    return controller(object)
        .filter(reference -> NetService.KIND.equals(reference.getKind()))
        .filter(reference -> reference.getApiVersion().startsWith(NetService.GROUP + "/"))
        .filter(reference -> owner.getMetadata().getName().equals(reference.getName()))
        .filter(reference -> !owner.getMetadata().getUid().equals(reference.getUid()))
        .isPresent();
  }

  /**
   * The metadata of {@code base}, owned by {@code owner}, with these labels and annotations. Made
   * by hand, because the builders of the client library take most of the time of a small plan.
   */
  static ObjectMeta metadata(
      NetService owner,
      ObjectMeta base,
      Map<String, String> labels,
      Map<String, String> annotations) {
    ObjectMeta metadata = new ObjectMeta();
    metadata.setNamespace(base.getNamespace());
    metadata.setName(base.getName());
    metadata.setGenerateName(base.getGenerateName());
    metadata.setUid(base.getUid());
    metadata.setResourceVersion(base.getResourceVersion());
    metadata.setGeneration(base.getGeneration());
    metadata.setCreationTimestamp(base.getCreationTimestamp());
    metadata.setDeletionTimestamp(base.getDeletionTimestamp());
    metadata.setDeletionGracePeriodSeconds(base.getDeletionGracePeriodSeconds());
    metadata.setFinalizers(base.getFinalizers());
    metadata.setManagedFields(base.getManagedFields());
    metadata.setOwnerReferences(owners(owner, base));
    metadata.setLabels(labels);
    metadata.setAnnotations(annotations);
    return metadata;
  }

  /** The owners of {@code object} with {@code owner} as the one who controls it. */
  static List<OwnerReference> owners(NetService owner, ObjectMeta object) {
    if (controls(owner, object)) {
      return object.getOwnerReferences();
    }
    List<OwnerReference> owners = new ArrayList<>();
    if (object.getOwnerReferences() != null) {
      owners.addAll(object.getOwnerReferences());
    }
    owners.removeIf(reference -> Boolean.TRUE.equals(reference.getController()));
    owners.add(ownerReference(owner));
    return owners;
  }

  /** {@code owner} as the one who controls something. */
  public static OwnerReference ownerReference(NetService owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(NetService.API_VERSION)
        .withKind(NetService.KIND)
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  /** The selector of all that have these labels, as in a query and in a status. */
  public static String selector(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
  }
}
