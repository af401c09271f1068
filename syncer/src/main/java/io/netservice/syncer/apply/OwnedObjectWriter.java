package io.netservice.syncer.apply;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.netservice.syncer.plan.EndpointsObject;
import io.netservice.syncer.plan.Hints;
import io.netservice.syncer.plan.OwnedObject;
import io.netservice.syncer.plan.PodRef;
import io.netservice.syncer.plan.SliceEndpoint;
import io.netservice.syncer.plan.SliceObject;
import io.netservice.syncer.plan.SlicePort;
import io.netservice.syncer.protobuf.Envelope;
import io.netservice.syncer.protobuf.ProtobufWriter;
import java.util.List;
import java.util.Map;

/**
 * Writes EndpointSlices and Endpoints as the API server reads them fastest: as protocol buffers, a
 * third of the JSON (generated.proto of k8s.io/api/discovery/v1, k8s.io/api/core/v1 and
 * k8s.io/apimachinery/pkg/apis/meta/v1). Usable from any thread.
 */
public final class OwnedObjectWriter {

  /** About what an endpoint takes. */
  private static final int BYTES_EACH = 160;

  private static final int BYTES_AROUND = 1024;

  private OwnedObjectWriter() {}

  /** The bytes of {@code object}. */
  public static byte[] protobuf(OwnedObject object) {
    if (object instanceof SliceObject slice) {
      ProtobufWriter to = new ProtobufWriter(BYTES_AROUND + slice.endpoints().size() * BYTES_EACH);
      int raw = begin(to, "discovery.k8s.io/v1", SliceObject.KIND);
      write(to, slice);
      return to.end(raw).bytes();
    }
    EndpointsObject endpoints = (EndpointsObject) object;
    int size =
        endpoints.subsets().stream().mapToInt(s -> s.ready().size() + s.notReady().size()).sum();
    ProtobufWriter to = new ProtobufWriter(BYTES_AROUND + size * BYTES_EACH);
    int raw = begin(to, "v1", EndpointsObject.KIND);
    write(to, endpoints);
    return to.end(raw).bytes();
  }

  /** {@code runtime.Unknown}: what it is, then the object. */
  private static int begin(ProtobufWriter to, String apiVersion, String kind) {
    Envelope.begin(to);
    int type = to.begin(Envelope.TYPE);
    to.string(1, apiVersion).string(2, kind).end(type);
    return to.begin(Envelope.RAW);
  }

  private static void write(ProtobufWriter to, SliceObject slice) {
    metadata(to, slice.metadata());
    for (SliceEndpoint endpoint : slice.endpoints()) {
      write(to, endpoint);
    }
    for (SlicePort port : slice.ports()) {
      int start = to.begin(3);
      // A port of a slice has a name, if only an empty one.
      to.string(1, port.name()).string(2, port.protocol().name()).number(3, port.number());
      to.optional(4, port.appProtocol()).end(start);
    }
    to.string(4, slice.addressType());
  }

  private static void write(ProtobufWriter to, SliceEndpoint endpoint) {
    int start = to.begin(2);
    to.string(1, endpoint.address());
    int conditions = to.begin(2);
    to.bool(1, endpoint.ready())
        .bool(2, endpoint.serving())
        .bool(3, endpoint.terminating())
        .end(conditions);
    to.optional(3, endpoint.hostname());
    reference(to, 4, endpoint.pod());
    to.optional(6, endpoint.nodeName()).optional(7, endpoint.zone());
    hints(to, endpoint);
    to.end(start);
  }

  private static void hints(ProtobufWriter to, SliceEndpoint endpoint) {
    if (endpoint.hints() == Hints.NONE) {
      return;
    }
    int hints = to.begin(8);
    if (endpoint.hints() != Hints.NODE) {
      named(to, 1, endpoint.zone());
    }
    if (endpoint.hints() != Hints.ZONE) {
      named(to, 2, endpoint.nodeName());
    }
    to.end(hints);
  }

  private static void named(ProtobufWriter to, int field, String name) {
    int start = to.begin(field);
    to.string(1, name).end(start);
  }

  private static void write(ProtobufWriter to, EndpointsObject endpoints) {
    metadata(to, endpoints.metadata());
    for (EndpointsObject.Subset subset : endpoints.subsets()) {
      int start = to.begin(2);
      addresses(to, 1, subset.ready());
      addresses(to, 2, subset.notReady());
      for (SlicePort port : subset.ports()) {
        int portStart = to.begin(3);
        to.optional(1, port.name()).number(2, port.number()).string(3, port.protocol().name());
        to.optional(4, port.appProtocol()).end(portStart);
      }
      to.end(start);
    }
  }

  private static void addresses(
      ProtobufWriter to, int field, List<EndpointsObject.Address> addresses) {
    for (EndpointsObject.Address address : addresses) {
      int start = to.begin(field);
      to.string(1, address.ip());
      reference(to, 2, address.pod());
      to.optional(3, address.hostname()).optional(4, address.nodeName()).end(start);
    }
  }

  private static void reference(ProtobufWriter to, int field, PodRef pod) {
    if (pod != null) {
      int start = to.begin(field);
      to.string(1, "Pod")
          .string(2, pod.namespace())
          .string(3, pod.name())
          .string(4, pod.uid())
          .end(start);
    }
  }

  /**
   * What an update may say: the rest of the metadata is the API server's own.
   *
   * <p>As long as nobody else has fields of the object, its managed fields are cleared: to find out
   * who changed which field takes the API server a quarter of the time of a write, everyone who
   * watches gets the result, and here it could only say that all fields are the syncer's. Once
   * somebody else has applied some they are kept, so that nobody loses track of his own.
   */
  private static void metadata(ProtobufWriter to, ObjectMeta metadata) {
    int start = to.begin(1);
    to.optional(1, metadata.getName())
        .optional(2, metadata.getGenerateName())
        .optional(3, metadata.getNamespace())
        .optional(5, metadata.getUid())
        .optional(6, metadata.getResourceVersion());
    entries(to, 11, metadata.getLabels());
    entries(to, 12, metadata.getAnnotations());
    if (metadata.getOwnerReferences() != null) {
      metadata.getOwnerReferences().forEach(owner -> write(to, owner));
    }
    if (metadata.getFinalizers() != null) {
      metadata.getFinalizers().forEach(finalizer -> to.string(14, finalizer));
    }
    if (metadata.getManagedFields() == null || metadata.getManagedFields().isEmpty()) {
      to.end(to.begin(17)); // One empty entry clears the list; an empty list leaves it as it is.
    }
    to.end(start);
  }

  private static void entries(ProtobufWriter to, int field, Map<String, String> map) {
    if (map != null) {
      map.forEach(
          (key, value) -> {
            int start = to.begin(field);
            to.string(1, key).string(2, value).end(start);
          });
    }
  }

  private static void write(ProtobufWriter to, OwnerReference owner) {
    int start = to.begin(13);
    to.string(1, owner.getKind())
        .string(3, owner.getName())
        .string(4, owner.getUid())
        .string(5, owner.getApiVersion());
    if (owner.getController() != null) {
      to.bool(6, owner.getController());
    }
    if (owner.getBlockOwnerDeletion() != null) {
      to.bool(7, owner.getBlockOwnerDeletion());
    }
    to.end(start);
  }
}
